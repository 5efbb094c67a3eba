/// Every rule, one line each, in order of code.
package let allRules: [any Rule.Type] = [
  UnfoldedBatchNorm.self,
  NoopNode.self,
  LayoutChurn.self,
  FP32OnTensorCoreDevice.self,
  OversizedDenseHead.self,
  ExcessiveDepth.self,
]
