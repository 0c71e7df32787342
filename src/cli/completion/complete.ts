import yargs, { type Argv } from 'yargs';
import { PRESETS } from '../../plan/reconnect-presets.ts';
import { commandCode, commandTexts, describedOptions, tableOf } from '../options/yargs-tables.ts';
import { type Candidate, type CompletedCommand, type CompletedOption, candidatesOf } from './candidates.ts';
import { SHELLS } from './scripts.ts';

/** The answer to a shell: the kind of words that may stand at the end, then the words. `program` has all commands. */
export function completionAnswer(words: readonly string[], program: Argv): string {
  const commands = commandTexts(program).map(([usage, meaning]) => ({ word: nameOf(usage), meaning, usage }));
  // The word under the cursor may be the beginning of another command's name.
  const named = commands.find(({ word }) => words.slice(0, -1).includes(word));
  const command = named === undefined ? undefined : completedCommand(named.usage, program);
  const { kind, words: found } = candidatesOf(words, { commands, command });
  const lines = found.map(({ word, meaning }) => `${word}\t${meaning.replaceAll(/\s+/g, ' ')}`);
  return `${[kind, ...lines].join('\n')}\n`;
}

function completedCommand(usage: string, program: Argv): CompletedCommand {
  const name = nameOf(usage);
  const built = commandCode(program, name).builder(yargs());
  const { key, array, boolean, choices, default: defaults } = tableOf(built);
  const meanings = describedOptions(built);
  const positionals = [...usage.matchAll(/[<[]([\w-]+)/g)].map(([, one]) => one);
  const options = Object.keys(key)
    .filter((one) => one.length > 1 && one !== 'version' && !positionals.includes(one))
    .map(
      (one): CompletedOption => ({
        name: one,
        meaning: (meanings[one] ?? '').replace(/^__yargsString__:/, ''),
        takesValue: !boolean.includes(one),
        isList: array.includes(one),
        isOn: defaults[one] === true,
        choices: (choices[one] ?? []).map(String),
      }),
    );
  return { usage, options, names: namesOf(name) };
}

/** What may stand for the argument of a command, besides files and folders. */
function namesOf(command: string): Candidate[] {
  if (command === 'presets') return PRESETS.map(({ name, note }) => ({ word: name, meaning: note }));
  return command === 'completion' ? SHELLS.map((word) => ({ word, meaning: '' })) : [];
}

function nameOf(usage: string): string {
  return usage.split(' ', 1)[0] ?? '';
}
