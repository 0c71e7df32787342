import { formatSeconds, US_PER_SEC } from '../../time/units.ts';
import type { ShareLine } from '../record/record-lines.ts';
import { type Surveyed, type SurveyedShare, surveyShare } from './surveyed-share.ts';

/** All shares of one run, by their numbers. */
export type ShareSet =
  | { readonly ok: true; readonly shares: readonly SurveyedShare[] }
  /** Everything that is wrong, one sentence each. */
  | { readonly ok: false; readonly faults: readonly string[] };

/** The shares in these folders, if they are one run: each of its shares once, of the same scenario, version and appointed start. */
export async function readShareSet(folders: readonly string[]): Promise<ShareSet> {
  const surveyed: Surveyed[] = [];
  for (const folder of folders) surveyed.push(await surveyShare(folder));
  const heads = surveyed.map((one, index) => ({
    folder: folders[index] ?? '',
    head: one.ok ? one.share.head : one.head,
  }));
  const known = heads.flatMap(({ folder, head }) => (head === undefined ? [] : [{ folder, head }]));
  const most = mostCommon(known.map(({ head }) => head));
  const faults = [
    ...surveyed.flatMap((one) => (one.ok ? [] : [one.fault])),
    ...(most === undefined ? [] : setFaults(known, most)),
  ];
  const shares = surveyed.flatMap((one) => (one.ok ? [one.share] : []));
  if (faults.length === 0) faults.push(...timeFaults(shares));
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, shares: shares.sort((a, b) => a.head.index - b.head.index) };
}

interface Known {
  readonly folder: string;
  readonly head: ShareLine;
}

/** What all shares of a run have in common, each with words for a share in which it differs. */
const COMMON: readonly {
  readonly of: (head: ShareLine) => string;
  readonly differs: (own: string, most: string) => string;
}[] = [
  { of: ({ of }) => String(of), differs: (own, most) => `is one of ${own} shares, and the others of ${most}` },
  {
    of: ({ plan }) => JSON.stringify(plan.name),
    differs: (own, most) => `is of the scenario ${own}, and the others of ${most}`,
  },
  { of: ({ plan }) => String(plan.seed), differs: (own, most) => `has seed ${own}, and the others ${most}` },
  {
    of: ({ scenarioSha256 }) => scenarioSha256.slice(0, 12),
    differs: (own, most) =>
      `is of another version of the scenario, or was played with other settings (SHA-256 ${own}…, and ${most}… of the others): compare their scenario.yaml`,
  },
  {
    of: ({ lists }) => JSON.stringify(lists),
    differs: () => 'had device lists with other content than the others',
  },
  {
    of: ({ tool }) => tool,
    differs: (own, most) => `was played by fleetstorm ${own}, and the others by ${most}`,
  },
  {
    of: ({ plannedStart }) => plannedStart ?? 'at once',
    differs: (own, most) => `was to start ${startWords(own)}, and the others ${startWords(most)}`,
  },
];

function startWords(start: string): string {
  return start === 'at once' ? start : `at ${start}`;
}

/** The head that most shares agree with; of several, that of the first. */
function mostCommon(heads: readonly ShareLine[]): ShareLine | undefined {
  const keyOf = (head: ShareLine): string => COMMON.map(({ of }) => of(head)).join('\n');
  const counts = new Map<string, number>();
  for (const head of heads) counts.set(keyOf(head), (counts.get(keyOf(head)) ?? 0) + 1);
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best === undefined ? undefined : heads.find((head) => keyOf(head) === best[0]);
}

function setFaults(known: readonly Known[], most: ShareLine): string[] {
  const foreign = known.flatMap(({ folder, head }) => {
    const differing = COMMON.filter(({ of }) => of(head) !== of(most));
    return differing.map(({ of, differs }) => ({ folder, fault: `${folder} ${differs(of(head), of(most))}` }));
  });
  const own = known.filter(({ folder }) => !foreign.some((one) => one.folder === folder));
  return [...foreign.map(({ fault }) => fault), ...countFaults(own, most)];
}

/** Shares that are there twice, or not at all. */
function countFaults(own: readonly Known[], { of }: ShareLine): string[] {
  const faults: string[] = [];
  for (let index = 1; index <= of; index++) {
    const folders = own.filter(({ head }) => head.index === index).map(({ folder }) => folder);
    if (folders.length === 0) faults.push(`share ${index} of ${of} is missing`);
    if (folders.length > 1)
      faults.push(`share ${index} of ${of} is there ${folders.length} times: ${folders.join(', ')}`);
  }
  return faults;
}

/** Shares without an instant in common were not one run. */
function timeFaults(shares: readonly SurveyedShare[]): string[] {
  const startMs = (share: SurveyedShare): number => Date.parse(share.started.start);
  const [first, ...others] = [...shares].sort((a, b) => startMs(a) - startMs(b));
  if (first === undefined) return [];
  return others.flatMap((share) => {
    const afterSec = (startMs(share) - startMs(first)) / 1_000;
    if (afterSec * US_PER_SEC < first.head.plan.durationUs) return [];
    return [
      `share ${share.head.index} in ${share.folder} started ${formatSeconds(afterSec)} after share ${first.head.index} in ${first.folder}, when that was over: they were not one run`,
    ];
  });
}
