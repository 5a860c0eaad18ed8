import type { Command } from "./command.ts";
import type { Flag } from "./flags/flag.ts";

/** Shells that a script of completions is made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
/** One of {@link SHELLS}. */
export type Shell = (typeof SHELLS)[number];

/** A script that completes commands, flags and what they take in a shell; made of the same records as --help. */
export function completionScript(shell: Shell, commands: readonly Command[]): string[] {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return ["autoload -U +X bashcompinit && bashcompinit", ...bash(commands)];
    case "fish":
      return fish(commands);
  }
}

/** The words that a flag is typed as. */
function typed(name: string, { takes, default: byDefault }: Flag): string {
  return takes === "nothing" && byDefault === true ? `--no-${name}` : `--${name}`;
}

function bash(commands: readonly Command[]): string[] {
  const choices = commands.flatMap(({ name, flags }) =>
    Object.entries(flags).flatMap(([flag, { choices: words }]) =>
      words === undefined ? [] : [`    '${name} --${flag}') words='${words.join(" ")}' ;;`],
    ),
  );
  const flags = commands.map(({ name, flags: own }) => {
    const words = [...Object.entries(own).map(([flag, record]) => typed(flag, record)), "--help"];
    return `    '${name} '*) words='${words.join(" ")}' ;;`;
  });
  return [
    "# source <(npx nanproof completion bash)",
    "_nanproof() {",
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the shell's own
    '  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" verb="${COMP_WORDS[1]}" words=""',
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the shell's own
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    words='${[...commands.map(({ name }) => name), "help"].join(" ")}'`,
    '  else case "$verb $prev" in',
    ...choices,
    "  esac; fi",
    '  if [ -z "$words" ]; then case "$verb $cur" in',
    ...flags.map((line) => line.replace("'*)", "'-*)")),
    "  esac; fi",
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    "}",
    "complete -o default -F _nanproof nanproof",
  ];
}

function fish(commands: readonly Command[]): string[] {
  const quoted = (text: string) => `'${text.replace(/['\\]/g, "\\$&")}'`;
  return [
    "# npx nanproof completion fish | source",
    ...commands.flatMap(({ name, description, flags }) => [
      `complete -c nanproof -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
      ...Object.entries(flags).map(([flag, record]) => {
        const { takes, choices } = record;
        const words =
          takes === "nothing" ? "" : choices === undefined ? " -r" : ` -xa ${quoted(choices.join(" "))}`;
        return `complete -c nanproof -n '__fish_seen_subcommand_from ${name}' -l ${typed(flag, record).slice(2)}${words} -d ${quoted(record.description)}`;
      }),
    ]),
  ];
}
