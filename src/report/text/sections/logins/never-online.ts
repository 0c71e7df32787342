import type { NeverOnlineDevice } from '../../../../results/summary/never-online.ts';
import type { Summary } from '../../../../results/summary/summary.ts';
import { counted } from '../../../../text/counts.ts';
import { formatCount } from '../../../words/figures.ts';
import { lastOutcomeOf, lookCommand, neverOnlineWords, unlistedWords } from '../../../words/never-online-words.ts';
import { drawn, heading, type Span, span, type TextStyle, wrapped } from '../../spans.ts';
import { type Column, table } from '../../table.ts';
import { textWidth, truncate } from '../../text.ts';

const COLUMNS: readonly Column[] = [
  { title: '', align: 'left', shrinkTo: 12 },
  { title: '', align: 'right' },
  { title: '', align: 'left' },
  { title: '', align: 'left', shrinkTo: 0 },
];

const FLEET: Column = { title: '', align: 'left', shrinkTo: 8 };

/** The others are in the report. */
const DEVICES_SHOWN = 3;

/** How many devices never got online, and the first of them. */
export function neverOnlineSection(summary: Summary, style: TextStyle): string[] {
  const words = neverOnlineWords(summary);
  if (words === undefined) return [];
  const { neverOnline = [], fleets } = summary;
  const hasFleets = fleets.length > 1;
  const shown = neverOnline.slice(0, DEVICES_SHOWN);
  const rows = withCauses(
    shown.map((device) => deviceRow(device, hasFleets)),
    shown,
    style,
  );
  const hidden = neverOnline.length - rows.length;
  const unknown = summary.neverOnline === undefined ? unlistedWords(summary) : undefined;
  return [
    heading('Devices that were never online', style),
    ...wrapped([span('  ')], span(unknown === undefined ? words : `${words}; ${unknown}`, 'warn'), style),
    ...(rows.length === 0 ? [] : table(hasFleets ? [FLEET, ...COLUMNS] : COLUMNS, rows, style)),
    ...(hidden > 0
      ? [drawn([span(`  and ${formatCount(hidden)} more in summary.json and in the report`, 'dim')], style)]
      : []),
    ...commandLines(lookCommand(summary), style),
  ];
}

function deviceRow(device: NeverOnlineDevice, hasFleets: boolean): Span[] {
  return [
    ...(hasFleets ? [span(device.fleet, 'dim')] : []),
    span(device.device),
    span(counted(device.attempts, 'attempt')),
    span(lastOutcomeOf(device), 'bad'),
  ];
}

/** Causes have what the names leave of a line, so that long ones do not cut the names. */
function withCauses(rows: readonly Span[][], devices: readonly NeverOnlineDevice[], style: TextStyle): Span[][] {
  const taken = Math.max(0, ...rows.map((cells) => cells.reduce((sum, { text }) => sum + textWidth(text) + 2, 2)));
  const room = Math.max(CAUSE_MIN, style.columns - taken - SLACK);
  return rows.map((cells, index) => {
    const cause = span(devices[index]?.detail ?? '', 'dim');
    return [...cells, { ...cause, text: truncate(cause.text, room, style.unicode) }];
  });
}

const CAUSE_MIN = 16;
/** Columns are as wide as their widest cells, which may be in different rows. */
const SLACK = 8;

/** A command to copy: where it does not fit into a line, the shell is told that it goes on. */
function commandLines(words: readonly string[] | undefined, style: TextStyle): string[] {
  if (words === undefined) return [];
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    const joined = last === undefined ? `  ${word}` : `${last} ${word}`;
    if (last !== undefined && textWidth(joined) + GOES_ON.length <= style.columns) lines[lines.length - 1] = joined;
    else lines.push(last === undefined ? joined : `    ${word}`);
  }
  const whole = lines.map((line, index) => (index < lines.length - 1 ? `${line}${GOES_ON}` : line));
  return [
    drawn([span('  To see why one of them does not get in, step by step:', 'dim')], style),
    ...whole.map((line) => drawn([span(line)], style)),
  ];
}

const GOES_ON = ' \\';
