import { waitRangesUs } from '../plan/ladder.ts';
import { findPreset, PRESETS, type ReconnectPreset } from '../plan/reconnect-presets.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { reconnectOf } from '../scenario/effective-events.ts';
import { nearestName } from '../text/nearest-name.ts';
import type { Io } from './io/io.ts';
import { styleOf } from './io/terminal-style.ts';
import type { CommandCode } from './options/command-code.ts';
import { presetListText, presetText, SHOWN_WAITS } from './text/presets-text.ts';

/** Arguments of `presets`. */
export interface PresetsArgs {
  readonly name?: string | undefined;
  readonly json: boolean;
}

/** `fleetstorm presets [NAME]`: how device SDKs reconnect, as policies for `reconnect`. */
export function presetsCommand(io: Io, exit: (code: number) => void): CommandCode<PresetsArgs> {
  return {
    builder: (yargs) =>
      yargs
        .positional('name', { type: 'string', describe: 'One preset: its policy as YAML, and its first waits' })
        .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
        .example('$0 presets', 'All of them, with a drawing of their first waits')
        .example('$0 presets paho-java', 'One in full, ready to paste into a scenario'),
    handler: (args) => exit(runPresets(io, args)),
  };
}

/** Runs the command: 0, or 2 if there is no such preset. */
export function runPresets(io: Pick<Io, 'stdout' | 'stderr' | 'env'>, { name, json }: PresetsArgs): number {
  const preset = name === undefined ? undefined : findPreset(name);
  if (name !== undefined && preset === undefined) {
    io.stderr.write(`presets: ${unknownText(name)}\n`);
    return EXIT_CODES.usage;
  }
  io.stdout.write(json ? jsonText(preset) : shownText(io, preset));
  return EXIT_CODES.passed;
}

function shownText(io: Pick<Io, 'stdout' | 'env'>, preset: ReconnectPreset | undefined): string {
  const style = styleOf(io, io.stdout);
  return preset === undefined ? presetListText(PRESETS, style) : presetText(preset, style);
}

/** Waits in microseconds, shortest and longest. */
function jsonText(preset: ReconnectPreset | undefined): string {
  const shown = (one: ReconnectPreset): object => ({
    name: one.name,
    note: one.note,
    reconnect: reconnectOf(one.policy),
    waitsUs: waitRangesUs(one.policy, SHOWN_WAITS),
  });
  return `${JSON.stringify(preset === undefined ? PRESETS.map(shown) : shown(preset), null, 2)}\n`;
}

function unknownText(name: string): string {
  const names = PRESETS.map((preset) => preset.name);
  const near = nearestName(name, names);
  return `no preset is called ${JSON.stringify(name)}; ${near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`}`;
}
