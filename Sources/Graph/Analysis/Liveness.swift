extension Scope {
  /// The largest sum of the bytes of activations alive at one time, inputs included, in order of execution.
  ///
  /// A view keeps alive what it looks at. Constants are not activations. What a body of control flow holds
  /// at its own peak comes on top of what lives around it.
  package var peakActivationBytes: Int {
    let owners = storageOwners()
    var lastUse = [Int](repeating: -1, count: infos.count)
    for index in steps.indices {
      for id in steps[index].node.inputs { if let id { lastUse[owners[id]] = index } }
    }
    for id in body.outputs { lastUse[owners[id]] = steps.count }
    for (id, readers) in readers.enumerated() {
      if let last = readers.last { lastUse[owners[id]] = max(lastUse[owners[id]], last) }
    }

    var dying = [[Value.ID]](repeating: [], count: steps.count)
    for (id, step) in lastUse.enumerated() where owners[id] == id {
      if steps.indices.contains(step) { dying[step].append(id) }
    }
    func bytes(_ id: Value.ID) -> Int { constants[id] ? 0 : infos[id]?.byteCount ?? 0 }

    var live = body.inputs.reduce(0) { saturatingSum($0, bytes($1)) }
    var peak = live
    for index in steps.indices {
      for case let id? in steps[index].node.outputs where owners[id] == id && lastUse[id] >= 0 {
        live = saturatingSum(live, bytes(id))
      }
      let inner = steps[index].branches.map(\.scope.peakActivationBytes).max() ?? 0
      peak = max(peak, saturatingSum(live, inner))
      for id in dying[index] { live = max(0, live - bytes(id)) }
    }
    return peak
  }

  /// For each value, the one whose storage it shares: itself, but for views.
  package func storageOwners() -> [Value.ID] {
    var owners = Array(infos.indices)
    for index in steps.indices {
      guard let viewed = steps[index].viewedInput else { continue }
      let node = steps[index].node
      guard viewed < node.inputs.count, let source = node.inputs[viewed],
        let output = node.outputs.first, let output
      else { continue }
      owners[output] = owners[source]
    }
    return owners
  }
}
