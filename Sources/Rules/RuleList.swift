/// Every rule, one line each, in order of code.
package let allRules: [any Rule.Type] = [
  FP32OnTensorCoreDevice.self,
  OversizedDenseHead.self,
  ExcessiveDepth.self,
]
