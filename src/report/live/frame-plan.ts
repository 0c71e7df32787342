/** How many rows each part of a frame gets. */
export interface FramePlan {
  readonly charts: number;
  readonly fleets: number;
  readonly hosts: number;
  readonly events: number;
  readonly losses: number;
  /** Rows of figures, the most important first. */
  readonly figures: number;
  readonly hasHint: boolean;
  readonly hasProgress: boolean;
  /** Whether a blank line stands before each part. */
  readonly isSpaced: boolean;
}

/** A part that can be smaller, down to where it says too little. */
type Part = 'charts' | 'fleets' | 'hosts' | 'events' | 'losses' | 'figures';
type Step = readonly [part: Part, least: number] | 'isSpaced' | 'hasHint' | 'hasProgress';

/** What is given up when rows are short, in this order: first room, then detail, then whole parts. */
const GIVEN_UP: readonly Step[] = [
  ['charts', 8],
  'isSpaced',
  ['charts', 6],
  ['fleets', 4],
  ['hosts', 4],
  ['events', 3],
  ['losses', 2],
  ['charts', 0],
  ['fleets', 0],
  ['hosts', 0],
  ['events', 0],
  ['losses', 0],
  ['figures', 3],
  'hasHint',
  ['figures', 1],
  'hasProgress',
  ['figures', 0],
];
/** Charts with fewer rows than this are not drawn. */
const LEAST_CHARTS = 6;

/** The largest plan that fits, beginning with `most`; `heightOf` says how many lines a plan takes. */
export function fittingPlan(most: FramePlan, rows: number, heightOf: (plan: FramePlan) => number): FramePlan {
  let plan = most;
  for (const step of GIVEN_UP) {
    while (heightOf(plan) > rows) {
      const smaller = without(plan, step);
      if (smaller === undefined) break;
      plan = smaller;
    }
  }
  return plan;
}

/** Undefined if nothing is left to give up in this step. */
function without(plan: FramePlan, step: Step): FramePlan | undefined {
  if (typeof step === 'string') return plan[step] ? { ...plan, [step]: false } : undefined;
  const [part, least] = step;
  const rows = plan[part];
  if (rows <= least) return undefined;
  return { ...plan, [part]: part === 'charts' && rows <= LEAST_CHARTS ? 0 : rows - 1 };
}
