#include "cli/parse.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <memory>
#include <sstream>

#include "cli/misspelt.h"
#include "runtime-bridge/table/landlock_access.h"

namespace bulkhead::cli {

namespace {

/// CLI11's own says the whole range of a double in its refusal, and takes a number that is too large for its largest.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  return {[least, most](std::string& text) {
            std::uint64_t value = 0;
            const char* end = text.data() + text.size();
            const auto [stop, error] = std::from_chars(text.data(), end, value);
            const bool is_number = !text.empty() && stop == end;
            if (is_number && (error == std::errc::result_out_of_range || (error == std::errc() && value > most)))
              return "`" + text + "` is more than " + std::to_string(most);
            if (!is_number || error != std::errc() || value < least)
              return "`" + text + "` is not a whole number" + (least > 0 ? " above 0" : "");
            return std::string();
          },
          least > 0 ? "POSITIVE" : "NUMBER"};
}
const CLI::Validator kPositive = whole_number(1, UINT32_MAX);

/// The command tree. CLI11 writes into the option structs; `command()` picks the one that was named.
class CommandTree {
 public:
  CommandTree() : app_("prove that an isolation policy isolates, and run programs under what was proved", "bulkhead") {
    app_.require_subcommand(1);
    app_.failure_message(CLI::FailureMessage::simple);
    app_.set_version_flag("--version", std::string("bulkhead ") + BULKHEAD_VERSION);
    add_language_commands();
    add_proof_commands();
    add_question_commands();
    add_artifact_commands();
    add_run_commands();
    add_people_commands();
  }

  CLI::App& app() { return app_; }

  Command command() {
    for (const auto& [name, pick] : picks_) {
      if (name->parsed()) return pick();
    }
    return PrintText{app_.help()};
  }

  /// The last words of the program that is to be started, as they were given.
  void restore(const std::vector<std::string>& words) {
    for (std::vector<std::string>* command : {&run_.launch.command, &sandbox_.launch.command}) {
      const auto count = static_cast<std::ptrdiff_t>(std::min(words.size(), command->size()));
      std::copy(words.end() - count, words.end(), command->end() - count);
    }
  }

 private:
  template <typename Options>
  CLI::App* add(CLI::App& parent, const char* name, const char* description, Options& options) {
    CLI::App* sub = parent.add_subcommand(name, description);
    picks_.emplace_back(sub, [&options] { return Command(options); });
    return sub;
  }

  static void add_input(CLI::App* sub, PolicyInput& input) {
    sub->add_option("FILE", input.files, "policy files (.bh); together they are one policy")->required();
    add_places(sub, input.models);
    sub->add_option("--volume", input.volumes, "NAME=PATH: the host folder behind a volume")->allow_extra_args(false);
  }

  static void add_places(CLI::App* sub, std::vector<std::string>& models) {
    sub->add_option("--models", models, "a folder with models, searched before the installed one")
        ->allow_extra_args(false);
  }

  void add_language_commands() {
    CLI::App* check = add(app_, "check", "read a policy and report every mistake in it", check_);
    add_input(check, check_.input);
    check->add_option("--format", check_.format, "what is wrong as text, json, sarif, junit or github")
        ->check(CLI::IsMember({"text", "json", "sarif", "junit", "github"}));
    check->add_option("--output,-o", check_.output, "write it, or the dump, there instead of stdout");
    check->add_option("--dump", check_.dump, "print what flows at an arrow: ast, ir")
        ->check(CLI::IsMember({"ast", "ir"}));
    CLI::App* fmt = add(app_, "fmt", "format policies in place", fmt_);
    fmt->add_option("FILE", fmt_.files, "policy files; `-` reads stdin and writes stdout")->required();
    fmt->add_flag("--check", fmt_.check, "change nothing; status 1 if a file is not canonical");
  }

  void add_proof_commands() {
    CLI::App* prove = add(app_, "prove", "prove or refute every claim of a policy", prove_);
    add_input(prove, prove_.input);
    prove->add_option("--format", prove_.format, "text, json, sarif, junit, github or markdown")
        ->check(CLI::IsMember({"text", "json", "sarif", "junit", "github", "markdown"}));
    prove->add_option("--output,-o", prove_.output, "write the report there instead of stdout");
    prove->add_option("--only", prove_.only, "prove only the claims with these names")->allow_extra_args(false);
    prove->add_option("--jobs,-j", prove_.jobs, "worker threads (default: one for each core)")
        ->check(CLI::Range(0, 256));
    prove->add_option("--timeout", prove_.timeout_ms, "milliseconds for the whole run; what is left over is unknown")
        ->check(kPositive);
    prove->add_option("--memory", prove_.memory_mib, "MiB for the solvers")->check(kPositive);
    prove->add_option("--seed", prove_.seed, "seed of the solvers; the same seed gives the same bytes")
        ->check(whole_number(0, UINT64_MAX));
    prove->add_flag("--certify", prove_.certify, "have cvc5 check every certificate");
    prove->add_flag("--no-cache", prove_.no_cache, "neither read nor write the cache of certificates");
    auto* no_coverage =
        prove->add_flag("!--no-coverage", prove_.coverage, "do not look for sentences that no claim covers");
    prove->add_flag("--coverage", prove_.thorough_coverage, "look longer, at every sentence of a model")
        ->excludes(no_coverage);
    prove->add_option("--certificates", prove_.certificates, "write the certificates into this folder");
    prove->add_option("--charts", prove_.charts, "write message-sequence charts (SVG) of protocols into this folder");
    prove->add_option("--dump", prove_.dump, "print what flows at an arrow: obligations, terms, verdict")
        ->check(CLI::IsMember({"obligations", "terms", "verdict"}));
    CLI::App* certify = add(app_, "certify", "check certificates against a policy with cvc5", certify_);
    add_input(certify, certify_.input);
    certify->add_option("--certificates", certify_.certificates, "the folder that `prove` or `solve` wrote")
        ->required();
    CLI::App* exporting = add(app_, "export", "write the questions behind claims for other tools", export_);
    add_input(exporting, export_.input);
    exporting
        ->add_option("--format", export_.format, "smt2 (every claim); of transition systems: horn, vmt, aiger, btor2")
        ->required()
        ->check(CLI::IsMember({"smt2", "horn", "vmt", "aiger", "btor2"}));
    exporting->add_option("--only", export_.only, "only the claims with these names")->allow_extra_args(false);
    exporting->add_option("--scope", export_.scope, "SORT=SIZE: so many elements")->allow_extra_args(false);
    exporting->add_option("--timeout", export_.timeout_ms, "milliseconds for the proofs that smt2 is made from")
        ->check(kPositive);
    exporting->add_option("--output,-o", export_.output, "write there instead of stdout");
    CLI::App* solve = add(app_, "solve", "decide Horn clauses or a BTOR2 file", solve_);
    solve->add_option("FILE", solve_.file, "Horn clauses (SMT-LIB 2), or bit-vectors (.btor2)")->required();
    solve->add_option("--witness", solve_.witness, "write the run, or the conditions of the invariant, there");
    solve->add_option("--certificates", solve_.certificates, "write the evidence into this folder");
    solve->add_option("--timeout", solve_.timeout_ms, "milliseconds for the search")->check(kPositive);
    solve->add_option("--memory", solve_.memory_mib, "MiB for the child that asks Spacer")->check(kPositive);
    solve->add_option("--seed", solve_.seed, "seed of the solvers")->check(whole_number(0, UINT32_MAX));
    CLI::App* diff =
        add(app_, "diff", "what access and influence a new policy adds and removes; status 1 if it adds any", diff_);
    diff->add_option("OLD", diff_.older, "the policy before")->required();
    diff->add_option("NEW", diff_.newer, "the policy after")->required();
    add_places(diff, diff_.models);
    diff->add_option("--format", diff_.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  }

  void add_question_commands() {
    CLI::App* query =
        add(app_, "query",
            "ask a policy: who can, what can ... reach, path from ... to, what breaks; or SELinux: flow, transition",
            query_);
    add_input(query, query_.input);
    query->add_option("--ask,-q", query_.question,
                      "`who can RIGHT OBJECTS`, `what can SUBJECT reach`, `path from A to B`, `what breaks if I add "
                      "SENTENCE` (the last word of the line); of an SELinux policy the words behind it: `flow [SOURCE "
                      "[TARGET]]`, `transition [DOMAIN [DOMAIN]]`");
    query->add_option("--format", query_.format, "text, json, dot or svg")
        ->check(CLI::IsMember({"text", "json", "dot", "svg"}));
    query->add_option("--output,-o", query_.output, "write the answer there instead of stdout");
    query->add_option("--timeout", query_.timeout_ms, "milliseconds for each round of claims")->check(kPositive);
    query->add_flag("--certify", query_.certify, "have cvc5 check every certificate behind the answer");
    query->add_option("--map", query_.map,
                      "of SELinux: which permission moves information which way (models/selinux_flow.map)");
    query->add_flag("--brief", query_.brief, "whether, not along which rules; what an earlier run has kept is enough");
    query->add_flag("--no-cache", query_.no_cache, "ask the policy, whatever an earlier run has kept; keep nothing");
    CLI::App* repair = add(app_, "repair", "the smallest changes after which violated claims hold", repair_);
    add_input(repair, repair_.input);
    repair
        ->add_option("--claim", repair_.claims, "repair this one; names after the files do too (all that are violated)")
        ->allow_extra_args(false);
    repair->add_option("--format", repair_.format, "text, json, or diff: the first repair for `patch`")
        ->check(CLI::IsMember({"text", "json", "diff"}));
    repair->add_option("--output,-o", repair_.output, "write the report there instead of stdout");
    repair->add_option("--limit", repair_.limit, "how many repairs to look for")->check(CLI::Range(1, 100));
    repair->add_option("--timeout", repair_.timeout_ms, "milliseconds for the search")->check(kPositive);
  }

  void add_artifact_commands() {
    CLI::App* emit = add(app_, "emit", "write an enforcement artifact of a proved policy", emit_);
    add_input(emit, emit_.input);
    emit->add_option("--container", emit_.container, "which container (not needed where there is one)");
    emit->add_option("--target", emit_.target, "what to write")->required();
    emit->add_option("--output,-o", emit_.output, "write there instead of stdout");
    emit->add_option("--machine", emit_.machine, "whose system calls: x86-64 or aarch64 (this machine's)")
        ->check(CLI::IsMember({"x86-64", "aarch64"}));
    emit->add_option("--landlock-abi", emit_.landlock_abi, "which version of Landlock is to enforce it (the newest)")
        ->check(CLI::Range(1U, table::landlock::kNewestAbi));
    CLI::App* import = add(app_, "import", "turn a foreign configuration into .bh", import_);
    import->add_option("FORMAT", import_.format, "seccomp, oci, capabilities, selinux or arbac")
        ->required()
        ->check(CLI::IsMember({"seccomp", "oci", "capabilities", "selinux", "arbac"}));
    import->add_option("FILE", import_.file, "the configuration")->required();
    import->add_option("--output,-o", import_.output, "write there instead of stdout");
    import->add_option("--name", import_.name, "the name of the container, model or (selinux) module that is made");
    import->add_option("--cap", import_.kernel_capabilities, "kernel capabilities that the container keeps")
        ->allow_extra_args(false);
    import->add_flag("--whole", import_.whole, "arbac: keep what the answer does not depend on");
  }

  static void add_launch(CLI::App* sub, LaunchOptions& launch) {
    sub->add_option("--audit-log", launch.audit_log, "where events go (JSON lines)");
    const auto on_denial = [&launch](const std::string& what) {
      launch.on_denial = what == "kill" ? OnDenial::Kill : what == "fail" ? OnDenial::Fail : OnDenial::Continue;
    };
    sub->add_option_function<std::string>("--on-denial", on_denial, "continue, fail (status 120) or kill (status 121)")
        ->check(CLI::IsMember({"continue", "fail", "kill"}));
    sub->add_option_function<std::string>(
           "--log", [&launch](const std::string&) { launch.log_all = true; }, "all: record allowed accesses too")
        ->check(CLI::IsMember({"all"}));
    sub->add_flag("--audit", launch.audit, "do not enforce file and network rules; record what they would deny");
    sub->add_flag("--dry-run", launch.dry_run, "say what would be done, and do nothing");
    sub->add_flag("--dump-policy", launch.dump_policy, "print the policy as .bh, and do nothing");
    sub->add_flag("--stdin", launch.stdin_through, "pass stdin through (default: /dev/null)");
    sub->add_flag("--tty", launch.tty, "give the program a terminal of its own");
    sub->add_option("--status-fd", launch.status_fd, "write one bulkhead.run/v1 object there")
        ->check(CLI::Range(3, 1023));
    sub->add_option("--require-readback", launch.require_readback, "exact: refuse a probed read-back")
        ->check(CLI::IsMember({"exact"}));
    sub->add_option_function<std::string>(
           "--audit-loss", [&launch](const std::string& what) { launch.audit_loss_continue = what == "continue"; },
           "kill (default) or continue when an event cannot be written")
        ->check(CLI::IsMember({"kill", "continue"}));
    sub->add_option("--emit-table", launch.table_output, "write the enforcement table there, and start nothing");
    sub->add_flag("--no-cache", launch.no_cache, "prove anew, whatever was proved before");
    sub->add_flag("--quiet,-q", launch.quiet, "print nothing of our own but errors");
  }

  void add_run_commands() {
    CLI::App* run = add(app_, "run", "prove a policy and run a program under it", run_);
    run->add_option("POLICY::CONTAINER", run_.target, "a policy file and a container in it")->required();
    run->add_option("COMMAND", run_.launch.command, "after `--`: the program and its arguments")->required();
    add_places(run, run_.input.models);
    run->add_option("--volume", run_.input.volumes, "NAME=PATH: the host folder behind a volume")
        ->allow_extra_args(false);
    add_launch(run, run_.launch);

    CLI::App* sandbox = app_.add_subcommand("sandbox", "run scripts under a capability file");
    sandbox->require_subcommand(1);
    sandbox_.launch.on_denial = OnDenial::Fail;
    CLI::App* script = add(*sandbox, "run", "run a script with exactly the capabilities of a file", sandbox_);
    script->add_option("SCRIPT", sandbox_.script, "the script")->required();
    script->add_option("ARGUMENT", sandbox_.launch.command, "after `--`: its arguments");
    script->add_option("--capabilities", sandbox_.capabilities, "capability files (bulkhead.capabilities/v1)")
        ->allow_extra_args(false);
    script->add_option("--grant", sandbox_.grants, "KIND=ARG: one capability more")->allow_extra_args(false);
    script->add_option("--revoke", sandbox_.revocations, "KIND=ARG: take a capability away")->allow_extra_args(false);
    script->add_option("--level", sandbox_.level, "standard, enhanced or maximum")
        ->check(CLI::IsMember({"standard", "enhanced", "maximum"}));
    script->add_option("--interpreter", sandbox_.interpreter, "the program that runs the script");
    add_places(script, sandbox_.models);
    add_launch(script, sandbox_.launch);
  }

  void add_people_commands() {
    CLI::App* doctor = add(app_, "doctor", "say what this machine can enforce", doctor_);
    doctor->add_flag("--json", doctor_.json, "as JSON");
    CLI::App* explain = add(app_, "explain", "what a diagnostic code means", explain_);
    explain->add_option("CODE", explain_.code, "for example BH3002")->required();
    CLI::App* why = add(app_, "why", "the sentence and the claim behind a denial", why_);
    why->add_option("N", why_.number, "the number of the denial in the log, from 1")->check(kPositive);
    why->add_option("--log", why_.log, "the audit log");
    CLI::App* audit = app_.add_subcommand("audit", "work with audit logs");
    audit->require_subcommand(1);
    CLI::App* verify = add(*audit, "verify", "check the hash chain of an audit log", verify_);
    verify->add_option("LOG", verify_.log, "the audit log")->required();
    CLI::App* completion = app_.add_subcommand("completion", "print a bash completion script");
    picks_.emplace_back(completion, [] { return Command(PrintText{bash_completion()}); });
    CLI::App* manual = app_.add_subcommand("man", "print the manual page (roff)");
    picks_.emplace_back(manual, [] { return Command(PrintText{man_page()}); });
  }

  CLI::App app_;
  std::vector<std::pair<CLI::App*, std::function<Command()>>> picks_;
  CheckOptions check_;
  FmtOptions fmt_;
  ProveOptions prove_;
  CertifyOptions certify_;
  ExportOptions export_;
  SolveOptions solve_;
  DiffOptions diff_;
  QueryOptions query_;
  RepairOptions repair_;
  EmitOptions emit_;
  ImportOptions import_;
  RunOptions run_;
  SandboxRunOptions sandbox_;
  DoctorOptions doctor_;
  ExplainOptions explain_;
  WhyOptions why_;
  AuditVerifyOptions verify_;
};

/// True where the caller must tell our own refusals from the status of a program.
bool starts_a_program(int argc, const char* const* argv) {
  const auto word = [&](int i) { return i < argc ? std::string_view(argv[i]) : std::string_view(); };
  return word(1) == "run" || (word(1) == "sandbox" && word(2) == "run");
}

/// Puts a plain word for each word after `--` that CLI11 would take apart, "[a,b]"; returns all words after `--`.
std::vector<std::string> hide_brackets(std::vector<const char*>& argv) {
  std::vector<std::string> words;
  auto at = std::find_if(argv.begin(), argv.end(), [](const char* word) { return std::string_view(word) == "--"; });
  if (at == argv.end()) return words;
  for (++at; at != argv.end(); ++at) {
    words.emplace_back(*at);
    if (!words.back().empty() && words.back().front() == '[' && words.back().back() == ']') *at = "bracketed";
  }
  return words;
}

/// `help`, `help COMMAND` and `version`, as people type them.
std::vector<const char*> as_options(int argc, const char* const* argv) {
  std::vector<const char*> words(argv, argv + argc);
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "version" && argc == 2) words[1] = "--version";
  if (first == "help") {
    words.erase(words.begin() + 1);
    words.push_back("--help");
  }
  return words;
}

}  // namespace

std::variant<Command, UsageError> parse_command_line(int argc, const char* const* argv) {
  const auto tree = std::make_unique<CommandTree>();
  std::vector<const char*> shown = as_options(argc, argv);
  try {
    const std::vector<std::string> words = hide_brackets(shown);
    tree->app().parse(argc, shown.data());
    if (starts_a_program(argc, argv)) tree->restore(words);
    return tree->command();
  } catch (const CLI::CallForHelp&) {
    if (!misspelt(tree->app(), argc, shown.data()).empty())
      return UsageError{with_suggestion(tree->app(), argc, shown.data(), ""), 2};
    const CLI::App* app = &tree->app();
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    return Command(PrintText{app->help()});
  } catch (const CLI::CallForVersion& version) {
    return Command(PrintText{std::string(version.what()) + "\n"});
  } catch (const CLI::ParseError& error) {
    return UsageError{with_suggestion(tree->app(), argc, shown.data(), error.what()),
                      starts_a_program(argc, argv) ? 125 : 2};
  }
}

std::string bash_completion() {
  CommandTree tree;
  std::ostringstream out;
  out << "_bulkhead() {\n  local words=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n  local "
         "current=\"${COMP_WORDS[COMP_CWORD]}\"\n"
      << "  case \"${COMP_WORDS[1]}\" in\n";
  for (const CLI::App* sub : tree.app().get_subcommands([](const CLI::App*) { return true; })) {
    out << "    " << sub->get_name() << ") COMPREPLY=($(compgen -f -W \"";
    for (const CLI::Option* option : sub->get_options()) {
      for (const std::string& name : option->get_lnames()) out << "--" << name << ' ';
    }
    for (const std::string& name : subcommand_names(*sub)) out << name << ' ';
    out << "\" -- \"$current\")) ;;\n";
  }
  out << "    *) COMPREPLY=($(compgen -W \"";
  for (const std::string& name : subcommand_names(tree.app())) out << name << ' ';
  out << "\" -- \"$current\")) ;;\n  esac\n}\ncomplete -F _bulkhead bulkhead\n";
  return out.str();
}

std::string man_page() {
  CommandTree tree;
  std::ostringstream out;
  out << ".TH BULKHEAD 1\n.SH NAME\nbulkhead \\- " << tree.app().get_description() << "\n.SH COMMANDS\n";
  const auto all = [](const CLI::App*) { return true; };
  const std::function<void(const CLI::App*, std::string)> write = [&](const CLI::App* app, const std::string& prefix) {
    for (const CLI::App* sub : app->get_subcommands(all)) {
      const std::string name = prefix + sub->get_name();
      out << ".SS " << name << "\n" << sub->get_description() << "\n";
      for (const CLI::Option* option : sub->get_options()) {
        out << ".TP\n\\fB" << option->get_name() << "\\fR\n" << option->get_description() << "\n";
      }
      write(sub, name + " ");
    }
  };
  write(&tree.app(), "");
  out << ".SH EXIT STATUS\n0 every claim holds; 1 some claim is violated; 2 the input or the command line is wrong;\n"
         "3 some claim is unknown or vacuous; 4 a certificate, table, artifact or log is rejected; 70 a bug of ours.\n"
         "run and sandbox run pass the program's status through, except 120 to 127.\n";
  return out.str();
}

}  // namespace bulkhead::cli
