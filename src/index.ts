/** Fleetstorm as a library: what its commands do, without a terminal. Importing it changes nothing in the process. */
export type { RunTarget } from './host/run-target.ts';
export { type CompareOptions, compareRuns } from './library/compare-runs.ts';
export { type LoadedScenario, type LoadOptions, loadScenario, ScenarioFault } from './library/load-scenario.ts';
export {
  openTarget,
  type RunOptions,
  RunRefusal,
  type RunResult,
  runScenario,
  type TargetOptions,
} from './library/run-scenario.ts';
export type { ComparedRun, Comparison, MetricRow } from './report/compare/comparison.ts';
export type { JudgedComparison, RunJudgement } from './report/compare/judgement.ts';
export type { Summary } from './results/summary/summary.ts';
export type { TimelineLine } from './results/timeline-line.ts';
export type { RunObserver, StartedRun } from './run/observer.ts';
export { RunStop } from './run/run-stop.ts';
export type { Scenario } from './scenario/scenario.ts';
export type { Fault } from './scenario/text/fault.ts';
