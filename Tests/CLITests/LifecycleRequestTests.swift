import Cost
import Foundation
import Testing

@testable import CLI

private let training = ["--train", "--dataset-size=100", "--epochs=2"]

private func plan(_ words: String...) throws(UsageError) -> Lifecycle.Plan? {
  try Arguments(words, of: CostCommand.self).lifecyclePlan()
}

private func message(_ words: String...) -> String? {
  do throws(UsageError) {
    let arguments = try Arguments(words, of: CostCommand.self)
    _ = try arguments.trainingPlan()
    _ = try arguments.lifecyclePlan()
    return nil
  } catch { return error.message }
}

@Test func `a lifecycle is costed where anything of it is asked for`() throws {
  #expect(try plan() == nil)
  #expect(try plan("--pue=1.2", "--region=DE") == nil)
  #expect(try plan("--lifecycle") == .init(carbon: Carbon()))
  #expect(try plan("--equivalences") != nil)
  #expect(try plan("--inferences=1e6")?.use?.inferences == 1e6)
  #expect(try plan("--lifecycle", "--pue=1.2")?.carbon.pue == 1.2)
  #expect(try plan("--lifecycle", "--grams-per-kwh=20")?.carbon.grid.gramsPerKilowattHour == 20)
}

@Test func `a rate of inferences lasts for the lifetime, of a year unless given`() throws {
  let year = 365.25 * 86400
  let use = try #require(try plan("--inferences", "3e7/month")?.use)
  #expect(abs(use.inferences - 3.6e8) < 1)
  #expect(use.lifetimeSeconds == year && use.assumesLifetime)
  let years = try #require(try plan("--inferences=12/s", "--lifetime=2y", "--boards=3")?.use)
  #expect(years.inferences == 24 * year)
  #expect(years.boards == 3 && !years.assumesLifetime)
  let total = try #require(try plan("--inferences=30M", "--lifetime=18 months")?.use)
  #expect(total.inferences == 30e6)
  #expect(total.lifetimeSeconds == 1.5 * year)
}

@Test func `a search without trials has those of the study`() throws {
  #expect(
    try plan("--dataset-size=9", "--trials=5", "--search=random")?.search
      == Search(trials: 5, method: .random))
  #expect(try plan("--dataset-size=9", "--search=bayesian")?.search?.trials == 27)
}

@Test func `what makes no lifecycle is told`() {
  #expect(message("--boards=2") == "'--boards' needs --inferences, such as --inferences 3e7/month")
  #expect(message("--lifetime=2y")?.contains("needs --inferences") == true)
  #expect(message("--trials=2")?.hasPrefix("'--trials' needs --dataset-size") == true)
  #expect(message("--region=DE", "--grams-per-kwh=20")?.contains("give one") == true)
  #expect(message("--region=Germny")?.contains("did you mean 'Germany'?") == true)
  #expect(message("--inferences=many")?.contains("3e7/month") == true)
  #expect(message("--inferences=3/fortnight")?.contains("3e7/month") == true)
  #expect(message("--lifetime=2", "--inferences=1")?.contains("18 months") == true)
  #expect(message("--pue=0.9")?.contains("from 1") == true)
  #expect(message("--grams-per-kwh=-1")?.contains("grams") == true)
  #expect(message("--training-overhead=1")?.contains("below 1") == true)
}

@Test func `training priced by its overhead needs no batch`() throws {
  let plan = try Arguments(training + ["--training-overhead=0.8"], of: CostCommand.self)
    .trainingPlan()
  #expect(plan == .overhead(0.8, datasetSize: 100, epochs: 2))
  #expect(message("--training-overhead=0.8")?.contains("needs --dataset-size") == true)
}

/// What the program answers.
private func answered(_ words: String...) -> Reply {
  Program.run(words, on: Terminal(isInteractive: false) { _ in nil })
}

@Test func `regions are listed by code and by name`() throws {
  let all = String(decoding: answered("regions").output, as: UTF8.self)
  #expect(all.split(separator: "\n").count == Grid.all.count + 1)
  let german = String(decoding: answered("regions", "german").output, as: UTF8.self)
  #expect(german.contains("DE, DEU") && german.split(separator: "\n").count == 2)
  let json = answered("regions", "--json", "gcp:").output
  let rows = try JSONSerialization.jsonObject(with: Data(json)) as? [[String: Any]]
  #expect(rows?.count == 44)
  #expect(rows?.allSatisfy { $0["year"] is Int && $0["grams_per_kwh"] is Double } == true)
  #expect(answered("regions", "atlantis").exit == .usage)
}

@Test func `a limit on use over time needs to know how much use there is`() throws {
  let words = ["--budget", "2.5 kWh/month", "--budget", "3 tCO2e/lifecycle"]
  #expect(throws: UsageError.self) {
    try Arguments(words, of: LintCommand.self).lifecyclePlan()
  }
  let rated = try Arguments(words + ["--inferences=3/s"], of: LintCommand.self)
  #expect(try rated.lifecyclePlan() != nil)
}
