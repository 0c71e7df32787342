import { EXIT_CODES } from '../results/exit-codes.ts';
import { completionScript, SHELLS, type Shell } from './completion/scripts.ts';
import type { Io } from './io/io.ts';
import type { CommandCode } from './options/command-code.ts';

/** Arguments of `completion`. */
export interface CompletionArgs {
  readonly shell: Shell;
}

/** `fleetstorm completion SHELL`: what a shell needs to complete commands, options, files and names. */
export function completionCommand(io: Io, exit: (code: number) => void): CommandCode<CompletionArgs> {
  return {
    builder: (yargs) =>
      yargs
        .positional('shell', { choices: SHELLS, demandOption: true, describe: 'The shell to complete in' })
        .example('$0 completion bash >> ~/.bashrc', 'bash: from the next shell on')
        .example('source <($0 completion bash)', 'bash: in this shell')
        .example('$0 completion zsh > ~/.zfunc/_fleetstorm', 'zsh: a folder of fpath')
        .example('$0 completion fish > ~/.config/fish/completions/fleetstorm.fish', 'fish'),
    handler: ({ shell }) => {
      io.stdout.write(completionScript(shell));
      exit(EXIT_CODES.passed);
    },
  };
}
