import { EXIT_PRECEDENCE } from '../../../src/metrics/judge/exit-code.ts';
import { EXIT_CODE_WORDS, EXIT_CODES } from '../../../src/results/exit-codes.ts';
import { table } from '../markdown.ts';

/** What the page adds to the meaning of a code. */
const EXIT_CODE_NOTES: Readonly<Record<number, string>> = {
  [EXIT_CODES.internalError]: 'of `login`: the device does not get in',
  [EXIT_CODES.usage]: 'nothing was run; or the run passed, and its results could not be written',
  [EXIT_CODES.preflightRefused]:
    'a target that is not this machine (`--allow-remote`), or too few descriptors, ports or memory, or unusable `sources` (`--force`); or not even enough to load the program',
  [EXIT_CODES.targetUnreachable]:
    'found before the run by the probe of the target (`--no-probe`), or by the run if none of its attempts was accepted and no threshold expects that',
  [EXIT_CODES.generatorLimited]: '`--accept-limited` ignores this, and nothing else',
};

/** The exit codes as a Markdown table: the meaning of each, and its precedence at the end of a run. */
export function exitCodeTable(): string {
  const rows = Object.values(EXIT_CODES).map((code) => {
    const place = EXIT_PRECEDENCE.findIndex((rule) => rule.code === code);
    const note = EXIT_CODE_NOTES[code];
    const meaning = `${EXIT_CODE_WORDS[code]}${note === undefined ? '' : `: ${note}`}`;
    return [String(code), meaning, place < 0 ? '' : String(place + 1)];
  });
  return table(['code', 'meaning', 'precedence'], rows);
}
