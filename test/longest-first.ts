import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files whose plans take longest, whatever the machine: begun last, each would be waited for alone. */
const LONGEST_TIMED = [
  ...['shares', 'docs', 'repeated-runs', 'storm-scenarios', 'https-login', 'run', 'storm-events', 'both-clients'],
  ...['capacity-study', 'process-host', 'library', 'emulator-auth', 'lost-results', 'worker-loss'],
];
/** In turn those that mostly wait and those that do not. */
const LONGEST_SYSTEM = [
  ...['agents-redis', 'report', 'agents-network', 'overload', 'agents-lost', 'package', 'agents-orphaned'],
  ...['agents-refused', 'terminal', 'agents'],
];
const LONGEST: Readonly<Record<string, readonly string[]>> = { timed: LONGEST_TIMED, system: LONGEST_SYSTEM };

/** Begins them first; Vitest itself knows only how long files took in an earlier run here, or else how large they are. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted(
      (a, b) => a.project.config.sequence.groupOrder - b.project.config.sequence.groupOrder || rank(a) - rank(b),
    );
  }
}

function rank({ project, moduleId }: TestSpecification): number {
  const index = LONGEST[project.name]?.indexOf(basename(moduleId, '.test.ts')) ?? -1;
  return index < 0 ? Number.MAX_SAFE_INTEGER : index;
}
