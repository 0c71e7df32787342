import { stringify } from 'yaml';
import { waitRangesUs } from '../../plan/ladder.ts';
import type { ReconnectPreset } from '../../plan/reconnect-presets.ts';
import { drawn, heading, type Span, span, type TextStyle, wrapped } from '../../report/text/spans.ts';
import { reconnectOf } from '../../scenario/effective-events.ts';
import { formatUs } from '../../time/units.ts';
import { policyText } from './policy-text.ts';

/** Number of waits shown in the list and for one preset. */
export const LISTED_WAITS = 8;
export const SHOWN_WAITS = 10;

/** All presets, one line each: name, a drawing of its first waits, and the waits in words. */
export function presetListText(presets: readonly ReconnectPreset[], style: TextStyle): string {
  const width = Math.max(...presets.map(({ name }) => name.length));
  const lines = presets.map(({ name, policy }) => {
    const ranges = waitRangesUs(policy, LISTED_WAITS);
    const waits = ranges.map(([low, high]) => shortRange(low, high)).join(' ');
    return drawn(
      [span(`  ${name.padEnd(width)}  `, 'strong'), ...columnsOf(ranges, style), span(`${waits} ...`)],
      style,
    );
  });
  return [
    heading('Reconnect presets: the waits before each retry, in seconds', style),
    ...lines,
    '',
    ...wrapped(
      [],
      span('Columns grow with the logarithm of the longest wait. Of a range, a random value is picked.', 'dim'),
      style,
    ),
    ...wrapped([], span('One in full, ready to paste: fleetstorm presets NAME', 'dim'), style),
    '',
  ].join('\n');
}

/** One preset: what it is, the policy as YAML, its first waits as bars. */
export function presetText({ name, note, policy }: ReconnectPreset, style: TextStyle): string {
  const ranges = waitRangesUs(policy, SHOWN_WAITS);
  return [
    heading(name, style),
    ...wrapped([span('  ')], span(note), style),
    ...wrapped([span('  ')], span(policyText(policy)), style),
    '',
    heading('The full policy: any of its keys given besides `preset` overrides it', style),
    ...stringify({ reconnect: reconnectOf(policy) })
      .trimEnd()
      .split('\n'),
    '',
    heading(`The first ${SHOWN_WAITS} waits`, style),
    ...barsOf(ranges, style),
    '',
  ].join('\n');
}

const HEIGHTS = '▁▂▃▄▅▆▇█';
/** The wait of a full column: longer than that of any preset. */
const FULL_US = 128_000_000;
const LEAST_US = 500_000;

function columnsOf(ranges: readonly (readonly [number, number])[], { unicode }: TextStyle): Span[] {
  if (!unicode) return [];
  const heights = ranges.map(([, high]) => {
    if (high === 0) return ' ';
    const share = Math.log(Math.max(LEAST_US, high) / LEAST_US) / Math.log(FULL_US / LEAST_US);
    return HEIGHTS[Math.min(HEIGHTS.length - 1, Math.floor(share * HEIGHTS.length))];
  });
  return [span(`${heights.join('')}  `, 'dim')];
}

function shortRange(lowUs: number, highUs: number): string {
  const [low, high] = [lowUs, highUs].map((us) => String(Number((us / 1_000_000).toFixed(1))));
  return low === high ? `${low}` : `${low}-${high}`;
}

/** One bar per wait, on one scale: solid up to the shortest possible, light up to the longest. */
function barsOf(ranges: readonly (readonly [number, number])[], style: TextStyle): string[] {
  const words = ranges.map(([low, high]) => (low === high ? formatUs(low) : `${formatUs(low)} to ${formatUs(high)}`));
  const width = Math.max(...words.map((text) => text.length));
  const room = Math.max(10, Math.min(60, style.columns - width - 10));
  const longest = Math.max(1, ...ranges.map(([, high]) => high));
  return ranges.map(([low, high], index) => {
    const solid = Math.round((low / longest) * room);
    const light = Math.round((high / longest) * room) - solid;
    const lead = `  ${String(index + 1).padStart(2)}  ${(words[index] ?? '').padEnd(width)}  `;
    return drawn(
      [
        span(lead),
        span((style.unicode ? '█' : '#').repeat(solid)),
        span((style.unicode ? '░' : '.').repeat(light), 'dim'),
      ],
      style,
    );
  });
}
