import Cost
import Graph

extension FiringMatrixTests {
  static let classifiers = [
    Row(name: "alexnet", fires: [501, 435], silent: [506, 507, 514, 516, 228, 330, 332, 333]) {
      try Convolutional.alexNet(&$0)
    },
    Row(name: "alexnet", batch: 32, fires: [511], silent: [506, 507, 516]) {
      try Convolutional.alexNet(&$0)
    },
    Row(
      name: "vgg16", fires: [501, 514, 249, 435], silent: [506, 507, 516, 228, 330, 332, 333]
    ) { try Convolutional.vgg([2, 2, 3, 3, 3], &$0) },
    Row(name: "vgg16", batch: 32, fires: [514], silent: [506, 507, 516]) {
      try Convolutional.vgg([2, 2, 3, 3, 3], &$0)
    },
    Row(name: "vgg16_bn", isRaw: true, fires: [501, 228], silent: [506, 330]) {
      try Convolutional.vgg([2, 2, 3, 3, 3], &$0)
    },
    Row(name: "vgg19", fires: [501], silent: [506, 507, 516, 228]) {
      try Convolutional.vgg([2, 2, 4, 4, 4], &$0)
    },
    Row(name: "vgg16 of 32x32", fires: [516], silent: [514, 506]) {
      try Convolutional.vgg([2, 2, 3, 3, 3], size: 32, &$0)
    },
    Row(
      name: "resnet18", isRaw: true, fires: [228],
      silent: [501, 506, 507, 514, 516, 219, 330, 333]
    ) { try Convolutional.resNet([2, 2, 2, 2], isBottleneck: false, &$0) },
    Row(
      name: "resnet50", isRaw: true, fires: [228],
      silent: [501, 506, 507, 514, 516, 219, 330, 333]
    ) { try Convolutional.resNet([3, 4, 6, 3], isBottleneck: true, &$0) },
    Row(name: "resnet50", runtime: .fused, fires: [435], silent: [228, 501, 506, 507, 219, 527]) {
      try Convolutional.resNet([3, 4, 6, 3], isBottleneck: true, &$0)
    },
    Row(name: "resnet18 exported for training", isTraining: true, fires: [234], silent: [228]) {
      try Convolutional.resNet([2, 2, 2, 2], isBottleneck: false, &$0)
    },
    Row(name: "resnet50 as first published", fires: [219], silent: [501, 506]) {
      try Convolutional.resNet([3, 4, 6, 3], isBottleneck: true, stridesFirst: true, &$0)
    },
    Row(name: "wide_resnet50_2", isRaw: true, fires: [228], silent: [506, 501]) {
      try Convolutional.resNet([3, 4, 6, 3], isBottleneck: true, widening: 2, &$0)
    },
    Row(name: "resnet101", isRaw: true, fires: [506, 228], silent: [501, 333]) {
      try Convolutional.resNet([3, 4, 23, 3], isBottleneck: true, &$0)
    },
    Row(name: "resnet152", isRaw: true, fires: [506, 228], silent: [501, 507, 330, 333]) {
      try Convolutional.resNet([3, 8, 36, 3], isBottleneck: true, &$0)
    },
  ]

  static let mobile = [
    Row(name: "mobilenet_v2", isRaw: true, fires: [228], silent: [501, 506, 507, 514, 516]) {
      try Mobile.mobileNetV2(&$0)
    },
    Row(name: "mnasnet1_0", isRaw: true, fires: [228, 507], silent: [501, 506]) {
      try Mobile.mnasNet(&$0)
    },
    Row(name: "mobilenet_v3_large", isRaw: true, fires: [228, 507], silent: [501, 506, 333]) {
      try Mobile.mobileNetV3(isLarge: true, &$0)
    },
    Row(name: "mobilenet_v3_small", isRaw: true, fires: [228, 507], silent: [501, 506, 333]) {
      try Mobile.mobileNetV3(isLarge: false, &$0)
    },
    Row(name: "mobilenet_v3_small", runtime: .fused, fires: [507], silent: [501, 506]) {
      try Mobile.mobileNetV3(isLarge: false, &$0)
    },
    Row(name: "mobilenet_v3_small", runtime: .fused, batch: 32, fires: [], silent: [507]) {
      try Mobile.mobileNetV3(isLarge: false, &$0)
    },
    Row(
      name: "shufflenet_v2_x1_0", isRaw: true, fires: [507, 228], silent: [501, 506, 333]
    ) { try Mobile.shuffleNet(&$0) },
    // An engine copies the halves that a framework reads where they lie.
    Row(
      name: "shufflenet_v2_x1_0", runtime: .fused, batch: 32, fires: [342],
      silent: [501, 506, 507, 333]
    ) {
      try Mobile.shuffleNet(&$0)
    },
    Row(name: "efficientnet_b0", isRaw: true, fires: [228], silent: [501, 506, 507, 514, 331]) {
      try Mobile.efficientNet(&$0)
    },
    Row(name: "efficientnet_b7", isRaw: true, fires: [228], silent: [506, 501, 507]) {
      try Mobile.efficientNet(width: 2, depth: 3.1, size: 600, &$0)
    },
    Row(name: "regnet_y_400mf", fires: [507], silent: [506, 501]) {
      try Mobile.regNet([48, 104, 208, 440], [1, 3, 6, 6], group: 8, &$0)
    },
    Row(name: "regnet_y_8gf", isRaw: true, fires: [228], silent: [506, 501]) {
      try Mobile.regNet([224, 448, 896, 2016], [2, 4, 10, 1], group: 56, &$0)
    },
    Row(name: "squeezenet1_0", fires: [], silent: [501, 506, 507, 217, 228, 333]) {
      try Convolutional.squeezeNet(&$0)
    },
    Row(name: "squeezenet1_1", fires: [], silent: [501, 506, 507, 217, 228, 333]) {
      try Convolutional.squeezeNet(isFirst: false, &$0)
    },
  ]

  static let shallow = [
    Row(name: "cifar resnet20", fires: [], silent: [506, 514, 516]) {
      try Convolutional.cifarResNet(blocks: 3, &$0)
    },
    Row(name: "wide resnet 16-8", fires: [], silent: [506, 514, 516]) {
      try Convolutional.cifarResNet(blocks: 2, widening: 8, &$0)
    },
    Row(name: "cifar resnet110", fires: [506, 507], silent: [501, 514]) {
      try Convolutional.cifarResNet(blocks: 18, &$0)
    },
    Row(name: "cifar resnet164", fires: [506, 507], silent: [501, 514]) {
      try Convolutional.cifarResNet(blocks: 18, isBottleneck: true, &$0)
    },
    Row(name: "cifar resnet1001", fires: [506, 507], silent: [501, 514]) {
      try Convolutional.cifarResNet(blocks: 111, isBottleneck: true, &$0)
    },
    Row(name: "170x50 perceptron", fires: [506, 507], silent: [501]) {
      try Sequences.perceptron(layers: 170, width: 50, &$0)
    },
    Row(name: "2x460 perceptron", fires: [], silent: [506, 501, 507]) {
      try Sequences.perceptron(layers: 2, width: 460, &$0)
    },
    Row(name: "lenet5", fires: [], silent: [506, 507]) { try Sequences.leNet(&$0) },
  ]

  static let dense = [
    Row(
      name: "densenet121", batch: 32, fires: [217, 333, 506], silent: [501, 507, 514, 516, 219]
    ) { try Convolutional.denseNet([6, 12, 24, 16], &$0) },
    Row(name: "densenet169", fires: [506, 333], silent: [501, 514, 219]) {
      try Convolutional.denseNet([6, 12, 32, 32], &$0)
    },
    Row(name: "densenet201", fires: [506, 333], silent: [501, 507, 514, 219]) {
      try Convolutional.denseNet([6, 12, 48, 32], &$0)
    },
    Row(name: "densenet201", runtime: .fused, fires: [506, 217], silent: [501, 507, 514, 219]) {
      try Convolutional.denseNet([6, 12, 48, 32], &$0)
    },
    Row(name: "googlenet", isRaw: true, fires: [228], silent: [501, 506, 516, 333, 505]) {
      try Convolutional.googLeNet(&$0)
    },
    Row(name: "googlenet with its auxiliary heads", fires: [505], silent: [506, 333]) {
      try Convolutional.googLeNet(hasAuxiliaryHeads: true, &$0)
    },
    Row(name: "xception", isRaw: true, fires: [228], silent: [506, 501, 514]) {
      try Convolutional.xception(&$0)
    },
    Row(name: "convnext_tiny", fires: [], silent: [506, 511, 228, 501]) {
      try Convolutional.convNeXt([3, 3, 9, 3], width: 96, &$0)
    },
    Row(name: "repvgg_a0 as trained", fires: [220], silent: [506, 333]) {
      try Convolutional.repVGG(&$0)
    },
  ]

  static let maps = [
    Row(
      name: "unet", isRaw: true, fires: [514, 228], silent: [501, 506, 507, 516, 218, 332, 333]
    ) { try Convolutional.uNet(&$0) },
    Row(name: "unet with repeated pixels", fires: [514, 218], silent: [501, 506]) {
      try Convolutional.uNet(repeatsPixels: true, &$0)
    },
    Row(
      name: "deeplabv3 of 520x520", isRaw: true, fires: [516, 228], silent: [514, 506, 507, 332]
    ) { try Convolutional.deepLab(size: 520, &$0) },
    Row(name: "deeplabv3 of 224x224", isRaw: true, fires: [516, 228], silent: [514, 506, 507]) {
      try Convolutional.deepLab(size: 224, &$0)
    },
    Row(name: "grey 28x28 pictures for a resnet18", fires: [550, 251], silent: [501, 506, 219]) {
      try Convolutional.medical(&$0)
    },
  ]

  static let sequences = [
    Row(name: "vit_b_16", fires: [226], silent: [501, 506, 507, 331]) {
      try Sequences.visionTransformer(layers: 12, width: 768, &$0)
    },
    Row(name: "vit_l_16", fires: [226, 506], silent: []) {
      try Sequences.visionTransformer(layers: 24, width: 1024, &$0)
    },
    Row(name: "mixer_b16", fires: [], silent: [506, 322, 226]) {
      try Sequences.mixer(layers: 12, width: 768, &$0)
    },
    Row(name: "bert_base of 128 tokens", fires: [226], silent: [501, 506, 507, 228, 331, 524, 527])
    {
      try Sequences.encoder(layers: 12, width: 768, tokens: 128, &$0)
    },
    Row(name: "bert_base of 128 tokens", runtime: .fused, fires: [226], silent: [506, 507, 322]) {
      try Sequences.encoder(layers: 12, width: 768, tokens: 128, &$0)
    },
    Row(name: "bert_base of 512 tokens", fires: [226, 322], silent: [501, 506]) {
      try Sequences.encoder(layers: 12, width: 768, tokens: 512, &$0)
    },
    Row(name: "bert_large", fires: [226, 506], silent: [501]) {
      try Sequences.encoder(layers: 24, width: 1024, tokens: 128, &$0)
    },
    Row(name: "distilbert", fires: [226], silent: [506]) {
      try Sequences.encoder(layers: 6, width: 768, tokens: 128, &$0)
    },
    Row(name: "an encoder whose every position is read", fires: [], silent: [226, 506]) {
      try Sequences.encoder(layers: 6, width: 768, tokens: 128, readsOnePosition: false, &$0)
    },
    Row(name: "gpt2 with all logits", fires: [], silent: [226, 506, 507]) {
      try Sequences.generator(
        layers: 12, width: 768, tokens: 128, vocabulary: 50257, picksLast: false, &$0)
    },
    Row(name: "gpt2 with GELU as its author wrote it", fires: [331], silent: [506, 507]) {
      try Sequences.generator(
        layers: 12, width: 768, tokens: 128, vocabulary: 50257, picksLast: false,
        isInPieces: true, &$0)
    },
    Row(name: "gpt2 with GELU as its author wrote it", runtime: .fused, fires: [], silent: [331]) {
      try Sequences.generator(
        layers: 12, width: 768, tokens: 128, vocabulary: 50257, picksLast: false,
        isInPieces: true, &$0)
    },
    Row(name: "gpt2 with the last logits", fires: [226], silent: [506, 507]) {
      try Sequences.generator(
        layers: 12, width: 768, tokens: 128, vocabulary: 50257, picksLast: true, &$0)
    },
    Row(name: "gpt2 of 1024 tokens", fires: [322], silent: [506, 226]) {
      try Sequences.generator(
        layers: 12, width: 768, tokens: 1024, vocabulary: 50257, picksLast: false, &$0)
    },
    Row(name: "an encoder of whisper's size", fires: [322], silent: [506]) {
      try Sequences.encoder(layers: 6, width: 512, tokens: 1500, readsOnePosition: false, &$0)
    },
    Row(name: "lstm", fires: [527, 660], silent: [501, 506, 507, 322]) {
      try Sequences.recurrent("LSTM", gates: 4, width: 512, tokens: 128, &$0)
    },
    Row(name: "lstm", batch: 64, fires: [], silent: [501, 506, 507, 527, 660]) {
      try Sequences.recurrent("LSTM", gates: 4, width: 512, tokens: 128, &$0)
    },
    Row(name: "gru", runtime: .fused, fires: [527], silent: [501, 506, 507, 322]) {
      try Sequences.recurrent("GRU", gates: 3, width: 512, tokens: 128, &$0)
    },
    Row(name: "gru", fires: [527], silent: [501, 506, 507, 322]) {
      try Sequences.recurrent("GRU", gates: 3, width: 512, tokens: 128, &$0)
    },
  ]
}
