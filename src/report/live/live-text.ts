import { beside, drawn, type Line, type TextStyle } from '../text/spans.ts';
import { eventRows, lossRows } from './course-rows.ts';
import { figureCount, figureRows, hintRow, progressRow, titleRow } from './figure-rows.ts';
import { fleetRows } from './fleet-rows.ts';
import { type FramePlan, fittingPlan } from './frame-plan.ts';
import { hostRows } from './host-rows.ts';
import { chartHeight, chartRows } from './live-charts.ts';
import type { LiveState } from './live-state.ts';

/** How a frame is drawn, and the room there is for it. */
export interface FrameStyle extends TextStyle {
  /** The most lines that it may have. */
  readonly rows: number;
}

/** From this width on, events and losses stand beside the figures and fleets. */
const TWO_COLUMNS = 140;

/** A frame of the live view: at most as many lines as there is room for, none wider than the style. */
export function renderLive(state: LiveState, elapsedSec: number, style: FrameStyle): string[] {
  const plan = fittingPlan(wholePlan(state, style), style.rows, (one) => heightOf(one, style));
  return frameLines(state, elapsedSec, plan, style)
    .slice(0, Math.max(1, style.rows))
    .map((line) => drawn(line, style));
}

/** Everything there is to show. */
function wholePlan(state: LiveState, style: FrameStyle): FramePlan {
  const { run, course, hosts } = state;
  return {
    charts: style.rows,
    fleets: run.fleets?.length ?? 0,
    hosts: hosts.length,
    events: course.events.length,
    losses: course.disturbances.length,
    figures: figureCount(state),
    hasHint: true,
    hasProgress: true,
    isSpaced: true,
  };
}

/** The lines of `frameLines`, without making them. */
function heightOf(plan: FramePlan, style: FrameStyle): number {
  const parted = (parts: readonly number[]): number => {
    const there = parts.filter((rows) => rows > 0);
    const gaps = plan.isSpaced ? Math.max(0, there.length - 1) : 0;
    return there.reduce((sum, rows) => sum + rows, gaps);
  };
  const withTitles = (rows: number): number => (rows === 0 ? 0 : rows + 1);
  const figures = [plan.figures, withTitles(plan.fleets), withTitles(plan.hosts)];
  const course = [withTitles(plan.events), withTitles(plan.losses)];
  const body = isWide(style) ? [Math.max(parted(figures), parted(course))] : [...figures, ...course];
  return 1 + Number(plan.hasProgress) + parted([...body, chartHeight(plan.charts, style), Number(plan.hasHint)]);
}

function frameLines(state: LiveState, elapsedSec: number, plan: FramePlan, style: FrameStyle): Line[] {
  const gap: Line[] = plan.isSpaced ? [[]] : [];
  const parted = (parts: readonly (readonly Line[])[]): Line[] =>
    parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : [...gap, ...part]));
  const half = { ...style, columns: isWide(style) ? Math.floor(style.columns / 2) - 1 : style.columns };
  const { disturbances, events } = state.course;
  const charts = chartRows(state, elapsedSec, plan.charts, style);
  const figures = [
    figureRows(state, half, charts.length === 0).slice(0, plan.figures),
    fleetRows(state, plan.fleets, half),
    hostRows(state, plan.hosts, half),
  ];
  const course = [eventRows(events, elapsedSec, plan.events, half), lossRows(disturbances, plan.losses, half)];
  const body = isWide(style)
    ? [beside(parted(figures), parted(course), half.columns + 1, style)]
    : [...figures, ...course];
  return [
    titleRow(state, style),
    ...(plan.hasProgress ? [progressRow(state, elapsedSec, style)] : []),
    ...parted([...body, charts, ...(plan.hasHint ? [[hintRow(state)]] : [])]),
  ];
}

function isWide({ columns }: TextStyle): boolean {
  return columns >= TWO_COLUMNS;
}
