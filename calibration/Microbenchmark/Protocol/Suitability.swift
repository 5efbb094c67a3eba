/// What keeps a board from being measured, found out before anything is launched.
extension Meter {
  /// The share of a rest in which kernels of others may run: a display takes some.
  static let allowedBusyShare = 0.1

  /// Throws where board number `index` cannot be measured, and says what the user should know of it.
  func expectSuitable(_ index: Int, say: (String) -> Void) throws(Obstacle) {
    if case .success(true) = nvml.isDivided(board) {
      throw .unsuitable(
        "GPU \(index) is divided into instances (MIG), and what it draws is that of all of them; an administrator makes it "
          + "whole with 'nvidia-smi -i \(index) -mig 0'")
    }
    if case .success(.prohibited) = nvml.computeMode(of: board) {
      throw .unsuitable(
        "GPU \(index) is closed to computing (compute mode Prohibited); an administrator opens it with "
          + "'nvidia-smi -i \(index) -c 0'")
    }
    if case .failure(let status) = nvml.power(of: board) {
      throw .unsuitable(
        "GPU \(index) does not tell what it draws: \(status); virtual GPUs and those of some laptops never do"
      )
    }
    if case .success(true) = nvml.isVirtual(board) {
      say("GPU \(index) is a virtual one; what it draws may be that of other machines, too")
    }
    if case .failure(let status) = nvml.energy(of: board) {
      say(
        "GPU \(index) has no energy counter that can be read: \(status); energy is the integral of its power"
      )
    }
    if case .success(let processes) = nvml.processes(on: board) {
      for process in processes {
        let memory = process.memoryBytes.map { " with \($0 >> 20) MiB" } ?? ""
        say("process \(process.identifier) is on GPU \(index)\(memory); nobody else should be")
      }
    }
  }

  /// Waits until nothing has run on the resting board for a moment; the busy share where that does not come.
  ///
  /// What this program launched is seen for up to a second, and so is what drivers do when they start.
  func busyShareAtRest() throws(Obstacle) -> Double? {
    var left = 8
    while case .success(let share) = nvml.busyShare(of: board), share > Self.allowedBusyShare {
      left -= 1
      guard left > 0 else { return share }
      try wait(0.5)
    }
    return nil
  }
}
