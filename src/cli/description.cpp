#include "cli/description.h"

#include "cli/version.h"
#include "lint/rule.h"
#include "report/character.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cupel::cli {
namespace {

struct OptionDescription {
  std::vector<std::string> names;  // "--format", "-m"
  std::string words;
  std::string value;                 // FORMAT; empty: a flag
  std::vector<std::string> choices;  // values it takes, where they are known
  [[nodiscard]] bool takes_file() const { return value == "FILE" || value == "PATH" || value == "DIR" || value == "OUTPUT"; }
};

struct CommandDescription {
  std::string name, words;
  std::vector<OptionDescription> options;
  std::vector<OptionDescription> arguments;  // without names
};

// What CLI11 says of a list of words: "{text,json,sarif}".
std::vector<std::string> choices_of(const CLI::Option& option) {
  std::vector<std::string> choices;
  if (option.get_type_name() == "RULE") {
    for (const lint::RuleEntry& rule : lint::rule_table()) choices.emplace_back(rule.id);
    return choices;
  }
  // The validators are told only in the long form of the type: "FORMAT:{text,json}".
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  if (open == std::string::npos) return choices;
  const std::string words = type.substr(open + 1, type.find('}') - open - 1);
  for (std::size_t begin = 0; begin <= words.size();) {
    const std::size_t end = std::min(words.find(',', begin), words.size());
    choices.push_back(words.substr(begin, end - begin));
    begin = end + 1;
  }
  return choices;
}

OptionDescription describe(const CLI::Option& option) {
  OptionDescription described;
  for (const std::string& name : option.get_snames()) described.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) described.names.push_back("--" + name);
  described.words = option.get_description();
  const std::string type = option.get_type_name();
  if (option.get_type_size_max() > 0) described.value = type.substr(0, type.find(':'));
  described.choices = choices_of(option);
  return described;
}

CommandDescription describe(const CLI::App& command) {
  CommandDescription described;
  described.name = command.get_name();
  described.words = command.get_description();
  for (const CLI::Option* option : command.get_options()) {
    (option->nonpositional() ? described.options : described.arguments).push_back(describe(*option));
  }
  return described;
}

std::vector<CommandDescription> commands_of(const CLI::App& app) {
  std::vector<CommandDescription> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) commands.push_back(describe(*command));
  return commands;
}

std::vector<std::string> names_of(const std::vector<OptionDescription>& options) {
  std::vector<std::string> names;
  for (const OptionDescription& option : options) names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

// In single quotes of a POSIX shell.
std::string shell_quoted(std::string_view words) {
  std::string out = "'";
  for (const char byte : words) {
    if (byte == '\'') out += "'\\''";
    else out += byte;
  }
  return out + "'";
}

std::string bash_script(const std::vector<CommandDescription>& commands) {
  std::vector<std::string> names;
  std::string values, options;
  for (const CommandDescription& command : commands) {
    names.push_back(command.name);
    options +=
        fmt::format("    {}) words={} ;;\n", command.name, shell_quoted(fmt::format("{}", fmt::join(names_of(command.options), " "))));
    for (const OptionDescription& option : command.options) {
      if (option.value.empty()) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) patterns.push_back(shell_quoted(command.name + " " + name));
      const std::string pattern = fmt::format("{}", fmt::join(patterns, " | "));
      if (!option.choices.empty())
        values += fmt::format("    {}) words={} ;;\n", pattern, shell_quoted(fmt::format("{}", fmt::join(option.choices, " "))));
      else if (option.takes_file()) values += fmt::format("    {}) files=yes ;;\n", pattern);
      else values += fmt::format("    {}) return ;;\n", pattern);
    }
  }
  return fmt::format(R"sh(# Completion of cupel for bash: source it, or put it into ~/.local/share/bash-completion/completions/cupel
_cupel() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command= words= files= word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $word in -*) ;; *) command=$word; break ;; esac
  done
  case "$command $previous" in
{}  esac
  if [[ -z $words && -z $files && $current == -* ]]; then
    case $command in
{}    '') words='--help --version' ;;
    esac
  elif [[ -z $words && -z $files && -z $command ]]; then
    words={}
  elif [[ -z $words && $command == explain ]]; then
    words={}
  fi
  if [[ -n $words ]]; then mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  elif [[ $current != -* ]]; then mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2> /dev/null
  fi
}}
complete -F _cupel cupel
)sh",
                     values, options, shell_quoted(fmt::format("{}", fmt::join(names, " "))), shell_quoted([] {
                       std::vector<std::string_view> rules;
                       for (const lint::RuleEntry& rule : lint::rule_table()) rules.push_back(rule.id);
                       return fmt::format("{}", fmt::join(rules, " "));
                     }()));
}

// What _arguments reads has a meaning for brackets and colons.
std::string zsh_words(std::string_view words) {
  std::string out;
  for (const char byte : words) {
    if (byte == '[' || byte == ']' || byte == ':' || byte == '\\') out += '\\';
    out += byte;
  }
  return out;
}

std::string zsh_script(const std::vector<CommandDescription>& commands) {
  std::string names, cases;
  for (const CommandDescription& command : commands) {
    names += fmt::format("    {}\n", shell_quoted(command.name + ":" + zsh_words(command.words)));
    cases += fmt::format("    {})\n      _arguments", command.name);
    for (const OptionDescription& option : command.options) {
      std::string value;
      if (!option.value.empty()) value = ":" + option.value + ":" + (option.takes_file() ? "_files" : "");
      if (!option.choices.empty()) value = fmt::format(":{}:({})", option.value, fmt::join(option.choices, " "));
      for (const std::string& name : option.names)
        cases += fmt::format(" \\\n        {}", shell_quoted(fmt::format("*{}[{}]{}", name, zsh_words(option.words), value)));
    }
    for (const OptionDescription& argument : command.arguments) {
      cases += fmt::format(" \\\n        {}",
                           shell_quoted("*:" + argument.value + ":" +
                                        (argument.choices.empty() ? "_files" : fmt::format("({})", fmt::join(argument.choices, " ")))));
    }
    cases += " ;;\n";
  }
  return fmt::format(R"sh(#compdef cupel
# Completion of cupel for zsh: put it as _cupel into a folder of $fpath
_cupel() {{
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
{}  esac
}}
if [[ $funcstack[1] == _cupel ]]; then _cupel "$@"; else compdef _cupel cupel; fi
)sh",
                     names, cases);
}

std::string fish_quoted(std::string_view words) {
  std::string out = "'";
  for (const char byte : words) {
    if (byte == '\'' || byte == '\\') out += '\\';
    out += byte;
  }
  return out + "'";
}

std::string fish_script(const std::vector<CommandDescription>& commands) {
  std::string script = "# Completion of cupel for fish: put it into ~/.config/fish/completions/cupel.fish\n";
  for (const CommandDescription& command : commands) {
    script += fmt::format("complete -c cupel -f -n __fish_use_subcommand -a {} -d {}\n", command.name, fish_quoted(command.words));
    const std::string seen = fish_quoted("__fish_seen_subcommand_from " + command.name);
    for (const OptionDescription& option : command.options) {
      script += "complete -c cupel -n " + seen;
      for (const std::string& name : option.names) script += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      script += " -d " + fish_quoted(option.words);
      if (!option.choices.empty()) script += fmt::format(" -x -a {}", fish_quoted(fmt::format("{}", fmt::join(option.choices, " "))));
      else if (!option.value.empty()) script += option.takes_file() ? " -r" : " -x";
      script += '\n';
    }
    for (const OptionDescription& argument : command.arguments) {
      if (!argument.choices.empty())
        script += fmt::format("complete -c cupel -f -n {} -a {}\n", seen, fish_quoted(fmt::format("{}", fmt::join(argument.choices, " "))));
    }
  }
  return script;
}

// Text for man(7): hyphens as typed, no line that begins with a request, only ASCII.
std::string roff(std::string_view words) {
  std::string out;
  for (std::size_t at = 0; at < words.size();) {
    const report::Character character = report::decode(words, at);
    const char byte = words[at];
    at += character.size;
    const bool begins = out.empty() || out.back() == '\n';
    if (begins && (byte == '.' || byte == '\'')) out += "\\&";
    if (character.code > 0x7E) out += fmt::format("\\[u{:04X}]", static_cast<std::uint32_t>(character.code));
    else if (byte == '\\') out += "\\e";
    else if (byte == '-') out += "\\-";
    else out += byte;
  }
  return out;
}

}  // namespace

std::string completion_script(const CLI::App& app, std::string_view shell) {
  const std::vector<CommandDescription> commands = commands_of(app);
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  if (shell == "fish") return fish_script(commands);
  return {};
}

std::string manual_page(const CLI::App& app) {
  std::string page = fmt::format(".TH CUPEL 1 \"\" \"cupel {}\" \"User Commands\"\n.SH NAME\ncupel \\- {}\n", tool_version,
                                 roff("tests PostgreSQL migrations before they run, then runs them"));
  page += ".SH SYNOPSIS\n.B cupel\n.I COMMAND\n[\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n.SH DESCRIPTION\n" + roff(app.get_description()) +
          "\n.SH COMMANDS\n";
  for (const CommandDescription& command : commands_of(app)) {
    std::string arguments;
    for (const OptionDescription& argument : command.arguments) arguments += " \\fI" + roff(argument.value) + "\\fR";
    page += fmt::format(".SS cupel {}{}\n{}.\n", roff(command.name), arguments, roff(command.words));
    for (const OptionDescription& argument : command.arguments)
      page += fmt::format(".TP\n.I {}\n{}\n", roff(argument.value), roff(argument.words));
    for (const OptionDescription& option : command.options) {
      page += fmt::format(".TP\n.B {}{}\n{}\n", roff(fmt::format("{}", fmt::join(option.names, ", "))),
                          option.value.empty() ? "" : " \\fI" + roff(option.value) + "\\fR", roff(option.words));
      if (!option.choices.empty() && option.value != "RULE")
        page += roff(fmt::format("One of {}.", fmt::join(option.choices, ", "))) + "\n";
    }
  }
  page += ".SH EXIT STATUS\n" + roff(app.get_footer()) +
          "\n.SH ENVIRONMENT\n.TP\n.B CUPEL_DATABASE_URL\nThe database, unless an option names one.\n"
          ".TP\n.B NO_COLOR\nIf set, no colours.\n.SH FILES\n.TP\n.B cupel.toml\nConfiguration of a project.\n.TP\n.B "
          "cupel\\-baseline.json\nKnown findings.\n"
          ".TP\n.B cupel.lock\nWhat was applied.\n";
  return page;
}

}  // namespace cupel::cli
