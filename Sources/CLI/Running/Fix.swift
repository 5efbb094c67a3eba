import Cost
import Graph
import Rules

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What `--fix` did to a model, or would do.
struct Fix: Sendable {
  /// The file written; nil where none was asked for.
  let output: String?
  /// The places mended, by their numbers among the findings.
  let applied: [Joint.Member]
  /// The places that stay as they are, with a clause each that says why.
  let left: [(member: Joint.Member, reason: String)]
  /// The model as written; nil where nothing is.
  let after: Estimate?
  /// Files with weights that the file written goes on reading, where it is in another folder than they are.
  let strayFiles: [String]

  /// Whether every place of a finding is mended in the file written.
  func mends(_ finding: Int, of lint: LintResult) -> Bool {
    output != nil && applied.count { $0.finding == finding } == lint.findings[finding].places.count
  }
}

extension Fix {
  /// Writes the model at `path` to `output` with all findings mended that can be: exactly, or to what was meant.
  ///
  /// The file is read again and priced before it gets its name, so that nothing half done is left behind.
  init(_ costed: Costed, at path: String, to output: String?) throws(InputError) {
    let fixes = costed.lint?.fixes ?? []
    let patch: ONNXPatch
    do throws(FormatError) {
      guard costed.analysis.model.format == ONNXFormat.name, path != "-" else {
        throw FormatError("only a file of ONNX protobuf can be patched")
      }
      let file = try MappedFile(path)
      patch = try ONNXPatch(
        file.contents, applying: fixes.map(\.rewrite), binding: costed.analysis.binding.request)
    } catch {
      throw InputError(code: "fix", message: "cannot be fixed: \(error.message)")
    }
    var applied: [Joint.Member] = []
    var left: [(member: Joint.Member, reason: String)] = []
    for (fix, refusal) in zip(fixes, patch.refusals) {
      if let refusal { left.append((fix.member, refusal)) } else { applied.append(fix.member) }
    }
    let tried = Set(fixes.map(\.member))
    for (number, finding) in (costed.lint?.findings ?? []).enumerated()
    where finding.isExact || finding.isFixable {
      for place in finding.places.indices {
        let member = Joint.Member(finding: number, place: place)
        guard !tried.contains(member) else { continue }
        left.append(
          (
            member,
            finding.isFixable
              ? "it is at odds with another fix; run again on the fixed file"
              : "its new weights cannot be computed here"
          ))
      }
    }
    self.applied = applied
    self.left = left
    self.output = output
    guard let output else {
      (after, strayFiles) = (nil, [])
      return
    }
    after = try Self.write(patch, of: path, to: output, like: costed.estimate)
    strayFiles = folder(of: path) == folder(of: output) ? [] : patch.externalFiles
  }

  private static func write(
    _ patch: ONNXPatch, of path: String, to output: String, like before: Estimate
  ) throws(InputError) -> Estimate {
    let draft = output + ".partial"
    do throws(FormatError) {
      let file = try MappedFile(path)
      do throws(StreamError) { try CLI.write(patch.pieces, of: file.bytes, toFile: draft) } catch {
        throw FormatError("cannot write '\(output)': \(error.message)")
      }
      let model = try ModelFile.read(draft)
      guard let analysis = try? Analysis(model, binding: before.analysis.binding.request),
        analysis.totals.coverage.uncountedNodes
          <= before.analysis.totals.coverage.uncountedNodes,
        analysis.scope.outputs == before.analysis.scope.outputs
      else { throw FormatError("the fixed model is not understood; please report this") }
      guard unsafe rename(draft, output) == 0 else { throw FormatError("cannot write '\(output)'") }
      return Estimate(analysis, on: before.device, under: before.scenario)
    } catch {
      unsafe unlink(draft)
      throw InputError(code: "fix", message: "cannot be fixed: \(error.message)")
    }
  }
}

/// The folder that a path is in, as it is written.
private func folder(of path: String) -> Substring {
  path.lastIndex(of: "/").map { path[..<$0] } ?? "."
}
