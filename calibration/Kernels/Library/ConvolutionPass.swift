/// Which of its three tensors a convolution is asked for, given the other two.
package enum ConvolutionPass: Sendable, CaseIterable {
  /// The output of images and weights.
  case forward
  /// The gradient of the images, of the output's gradient and the weights.
  case inputGradient
  /// The gradient of the weights, of the images and the output's gradient.
  case weightGradient
}

extension ConvolutionExtents {
  /// Input and output channels of one group.
  private var inputsOfGroup: Int { inputChannels / groups }
  private var outputsOfGroup: Int { outputChannels / groups }

  /// How many numbers are added up for each one of the result, at the most.
  func terms(in pass: ConvolutionPass) -> Int {
    switch pass {
    case .forward: depth
    case .inputGradient: kernel * kernel * outputsOfGroup
    case .weightGradient: positions
    }
  }

  /// The number at `index` of the result of `pass`.
  func expected(
    _ pass: ConvolutionPass, _ layout: ImageLayout, _ operands: Inputs, _ index: Int
  ) -> Double {
    switch pass {
    case .forward: output(layout, operands, index)
    case .inputGradient: inputGradient(layout, operands, index)
    case .weightGradient: weightGradient(layout, operands, index)
    }
  }

  private func output(_ layout: ImageLayout, _ operands: Inputs, _ index: Int) -> Double {
    let at = layout.parts(of: index, channels: outputChannels, size: outputSize)
    let first = at.channel / outputsOfGroup * inputsOfGroup
    var sum = 0.0
    for tap in taps(at.y, at.x) {
      for channel in 0..<inputsOfGroup {
        let image = layout.place(
          at.image, first + channel, tap.y, tap.x, channels: inputChannels, size: size)
        sum += operands[0, image] * operands[1, weight(layout, at.channel, channel, tap.index)]
      }
    }
    return sum
  }

  private func inputGradient(_ layout: ImageLayout, _ operands: Inputs, _ index: Int) -> Double {
    let at = layout.parts(of: index, channels: inputChannels, size: size)
    let (group, channel) = at.channel.quotientAndRemainder(dividingBy: inputsOfGroup)
    var sum = 0.0
    for tap in 0..<kernel * kernel {
      // The output whose tap this input is, where there is one.
      let (y, x) = (at.y + padding - tap / kernel, at.x + padding - tap % kernel)
      guard y >= 0, x >= 0, y % stride == 0, x % stride == 0, y / stride < outputSize,
        x / stride < outputSize
      else { continue }
      for output in group * outputsOfGroup..<(group + 1) * outputsOfGroup {
        let gradient = layout.place(
          at.image, output, y / stride, x / stride, channels: outputChannels, size: outputSize)
        sum += operands[0, gradient] * operands[1, weight(layout, output, channel, tap)]
      }
    }
    return sum
  }

  private func weightGradient(_ layout: ImageLayout, _ operands: Inputs, _ index: Int) -> Double {
    let at = layout.parts(of: index, channels: inputsOfGroup, size: kernel)
    let input = at.image / outputsOfGroup * inputsOfGroup + at.channel
    var sum = 0.0
    for image in 0..<batch {
      for outputY in 0..<outputSize {
        let y = outputY * stride + at.y - padding
        guard (0..<size).contains(y) else { continue }
        for outputX in 0..<outputSize {
          let x = outputX * stride + at.x - padding
          guard (0..<size).contains(x) else { continue }
          let from = layout.place(image, input, y, x, channels: inputChannels, size: size)
          let gradient = layout.place(
            image, at.image, outputY, outputX, channels: outputChannels, size: outputSize)
          sum += operands[0, from] * operands[1, gradient]
        }
      }
    }
    return sum
  }

  private func weight(_ layout: ImageLayout, _ output: Int, _ channel: Int, _ tap: Int) -> Int {
    layout.place(
      output, channel, tap / kernel, tap % kernel, channels: inputsOfGroup, size: kernel)
  }
}
