import type { NeverOnlineDevice } from '../../../../results/summary/never-online.ts';
import type { Summary } from '../../../../results/summary/summary.ts';
import { formatCount } from '../../../words/figures.ts';
import {
  lastOutcomeOf,
  lookCommand,
  neverOnlineOf,
  neverOnlineWords,
  unlistedWords,
} from '../../../words/never-online-words.ts';
import { type Content, html, type Markup } from '../../markup.ts';
import { dataTable, type PageParts, section } from '../parts.ts';

/** Devices that never got online: how many in all, by fleet, and the first of them with their last outcome. */
export function neverOnlineSection(summary: Summary, parts: PageParts): Markup | undefined {
  const words = neverOnlineWords(summary);
  if (words === undefined || parts.isLive === true) return undefined;
  const { neverOnline = [] } = summary;
  const unlisted = unlistedWords(summary);
  return section('never-online', 'Devices that were never online', [
    html`<p>${words}${unlisted === undefined ? '.' : `; ${unlisted}.`}</p>`,
    lookAtOne(summary),
    fleetCounts(summary),
    neverOnline.length === 0 ? undefined : dataTable('Their last attempts', COLUMNS, neverOnline.map(deviceRow)),
  ]);
}

/** The command that looks at one of them. */
function lookAtOne(summary: Summary): Markup | undefined {
  const command = lookCommand(summary)?.join(' ');
  if (command === undefined) return undefined;
  return html`<p>To see why one of them does not get in, step by step:</p>
<pre class="command" role="region" aria-label="Command" tabindex="0"><code>${command}</code></pre>`;
}

const COLUMNS = [
  { title: 'fleet' },
  { title: 'device' },
  { title: 'attempts', isNumber: true },
  { title: 'last outcome' },
  { title: 'cause' },
];

function deviceRow(device: NeverOnlineDevice): Content[] {
  return [
    device.fleet,
    device.device,
    formatCount(device.attempts),
    device.outcome === undefined ? lastOutcomeOf(device) : html`<code>${device.outcome}</code>`,
    device.detail ?? '',
  ];
}

const FLEET_COLUMNS = [
  { title: 'fleet' },
  ...['started', 'never online', 'not started'].map((title) => ({ title, isNumber: true })),
];

/** Nothing for a single fleet, which the sentence describes. */
function fleetCounts({ fleets }: Summary): Markup | undefined {
  const rows = fleets.flatMap((fleet): Content[][] => {
    const found = neverOnlineOf(fleet);
    if (found === undefined) return [];
    const { started, inVain, notStarted } = found;
    const others = notStarted === undefined ? '–' : formatCount(notStarted);
    return [[fleet.name, formatCount(started), formatCount(inVain), others]];
  });
  return fleets.length < 2 || rows.length === 0 ? undefined : dataTable('Devices by fleet', FLEET_COLUMNS, rows);
}
