import Cost
import Rules

/// Prints a script with which a shell completes command lines.
enum CompletionsCommand: Command {
  static let name = "completions"
  static let summary = "print a script that completes command lines in a shell"
  static let operands = "bash|zsh|fish"
  static let examples: [(line: String, does: String)] = [
    ("completions bash > ~/.local/share/bash-completion/completions/nncost", "once, for bash"),
    ("completions zsh", "for zsh: source <(nncost completions zsh) in ~/.zshrc"),
    ("completions fish > ~/.config/fish/completions/nncost.fish", "once, for fish"),
  ]

  static func run(_ arguments: Arguments, on _: Terminal) throws(UsageError) -> Reply {
    guard let shell = arguments.operands.first, arguments.operands.count == 1 else {
      throw UsageError("'\(name)' takes one shell: bash, zsh or fish")
    }
    switch shell {
    case "bash": return Reply(bash)
    // Its own way of saying the same is another program; it can run bash's.
    case "zsh":
      return Reply("autoload -U +X bashcompinit && bashcompinit\n" + bash)
    case "fish": return Reply(fish)
    default: throw UsageError(unknown: "shell", shell, among: ["bash", "zsh", "fish"])
    }
  }
}

extension CompletionsCommand {
  private static var bash: String {
    let names = allCommands.map { $0.name }.joined(separator: " ")
    var script = """
      _nncost() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=
        COMPREPLY=()
        if [ "$COMP_CWORD" = 1 ]; then
          COMPREPLY=($(compgen -W "\(names)" -- "$word"))
          return
        fi
        case $before in

      """
    for option in Option.table where option.value != nil {
      let names = ([option.name] + (option.short.map { ["-\($0)"] } ?? [])).joined(separator: "|")
      let files = option.takesFile ? " $(compgen -f -- \"$word\")" : ""
      script += "    \(names)) COMPREPLY=("
      if !option.choices.isEmpty {
        script += "$(compgen -W \"\(option.choices.joined(separator: " "))\" -- \"$word\")"
      }
      script += "\(files)); return ;;\n"
    }
    script += "  esac\n  case ${COMP_WORDS[1]} in\n"
    for command in allCommands {
      let words = command.options.map(\.name) + command.words
      script += "    \(command.name)) words=\"\(words.joined(separator: " "))\" ;;\n"
    }
    return script + """
        esac
        COMPREPLY=($(compgen -W "$words" -- "$word"))
        [[ $word == -* ]] || COMPREPLY+=($(compgen -f -- "$word"))
      }
      complete -o filenames -F _nncost \(Program.name)

      """
  }

  private static var fish: String {
    let start = "complete -c \(Program.name)"
    var script = ""
    for command in allCommands {
      script += "\(start) -n __fish_use_subcommand -f -a \(command.name)"
      script += " -d '\(command.summary.quoted)'\n"
    }
    for command in allCommands {
      let within = "\(start) -n '__fish_seen_subcommand_from \(command.name)'"
      if !command.words.isEmpty {
        script += "\(within) -a '\(command.words.joined(separator: " "))'\n"
      }
      for option in command.options {
        script += "\(within) -l \(option.name.dropFirst(2))"
        if let short = option.short { script += " -s \(short)" }
        if option.value != nil { script += option.takesFile ? " -r" : " -x" }
        if !option.choices.isEmpty { script += " -a '\(option.choices.joined(separator: " "))'" }
        script += " -d '\(option.help.quoted)'\n"
      }
    }
    return script
  }
}

extension Option {
  /// The values that it takes; none where they cannot be listed.
  fileprivate var choices: [String] {
    switch name {
    case "--device": DeviceList.names
    case "--format" where group == .changes: allChangeFormats.map { $0.name }
    case "--format": allReports.map { $0.name }
    case "--fail-on": Level.allCases.reversed().map(\.rawValue) + ["never"]
    case "--select", "--ignore": allRules.map { $0.page.code }
    default: value?.alternatives ?? []
    }
  }

  /// Whether a value may be the name of a file.
  fileprivate var takesFile: Bool {
    guard let value else { return false }
    return ["FILE", "PATH", "OUT"].contains { value.contains($0) }
  }
}

extension String {
  /// Of `[list | show NAME | check FILE]` and `fp32|fp16`: the words to choose from; none where there is no choice.
  var alternatives: [String] {
    guard contains("|") else { return [] }
    return split { "[]|".contains($0) }.compactMap {
      $0.split(separator: " ").first.map(String.init)
    }
    .filter { $0.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" } }
  }

  /// The text within single quotes of fish.
  fileprivate var quoted: String {
    replacing("\\", with: "\\\\").replacing("'", with: "\\'")
  }
}
