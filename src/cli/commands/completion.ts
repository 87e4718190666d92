import type { Command } from 'commander';
import { HawserError } from '../../core/errors.ts';
import { SHELLS } from '../completion/complete.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';

const SCRIPTS = {
  bash: (name: string): string => `# bash completion for ${name}; in ~/.bashrc: source <(${name} completion bash)
_${name}_complete() {
  local line directive=4
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :*) directive=\${line#:} ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 0 && $directive == 0 ]]; then compopt -o default 2>/dev/null; fi
}
complete -F _${name}_complete ${name}
`,
  zsh: (name: string): string => `#compdef ${name}
# zsh completion for ${name}; in ~/.zshrc, after compinit: source <(${name} completion zsh)
_${name}() {
  local line directive=4
  local -a candidates
  while IFS= read -r line; do
    case "$line" in
      :*) directive=\${line#:} ;;
      *) candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then
    _describe '${name}' candidates
  elif [[ $directive == 0 ]]; then
    _files
  fi
}
compdef _${name} ${name}
`,
  fish: (
    name: string,
  ): string => `# fish completion for ${name}; ${name} completion fish > ~/.config/fish/completions/${name}.fish
function __${name}_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l lines ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
  if test (count $lines) -gt 1
    printf '%s\\n' $lines[1..-2]
  else if test "$lines" = :0
    __fish_complete_path "$current"
  end
end
complete -c ${name} -f -a '(__${name}_complete)'
`,
  powershell: (
    name: string,
  ): string => `# PowerShell completion for ${name}; in $PROFILE: ${name} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${name} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '' }
  & ${name} __complete @words 2>$null | Where-Object { $_ -notlike ':*' } | ForEach-Object {
    $word, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $word }
    [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $about)
  }
}
`,
} as const;

export function completionCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'completion',
      description: 'Prints a script that completes commands, flags, contexts and application names in your shell.',
      arguments: ['<shell>'],
      argumentSummaries: { '<shell>': SHELLS.join(', ') },
      examples: [
        { about: 'bash: in ~/.bashrc', line: 'source <(hawser completion bash)' },
        { about: 'zsh: in ~/.zshrc, after compinit', line: 'source <(hawser completion zsh)' },
        { about: 'fish: once', line: 'hawser completion fish > ~/.config/fish/completions/hawser.fish' },
      ],
    },
    (_options, words) => {
      const shell = SHELLS.find((name) => name === words);
      if (shell === undefined) {
        throw new HawserError('usage', `there is no script for the shell '${words}'`, {
          hint: `supported shells: ${SHELLS.join(', ')}`,
          reason: { kind: 'unknown-shell', shell: words },
        });
      }
      context.io.out.write(SCRIPTS[shell](context.policy.program));
    },
  );
}
