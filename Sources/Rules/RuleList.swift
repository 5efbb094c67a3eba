/// Every rule, one line each, in order of code.
package let allRules: [any Rule.Type] = [
  PointwiseBeforeAvgPool.self,
  StridedPointwiseDeadPixels.self,
  UnmergedParallelBranches.self,
  DeadTokenPositions.self,
  UnfoldedBatchNorm.self,
  TrainingModeOps.self,
  DeadSubgraph.self,
  NoopNode.self,
  DuplicateSubgraph.self,
  MonotoneBeforeArgMax.self,
  RedundantActivation.self,
  LayoutChurn.self,
  FP32OnTensorCoreDevice.self,
  OversizedDenseHead.self,
  ExcessiveDepth.self,
]
