import type { Summary } from '../../results/summary/summary.ts';
import { attemptsSection } from './sections/attempts.ts';
import { emulatorSection, generatorSection, hostsSection } from './sections/checks.ts';
import { eventsSection } from './sections/events.ts';
import { fleetsSection } from './sections/fleets.ts';
import { headlineSection } from './sections/headline.ts';
import { kicksSection } from './sections/kicks.ts';
import { latencySection } from './sections/latency.ts';
import { addressesSection } from './sections/logins/addresses.ts';
import { authCodesSection } from './sections/logins/auth-codes.ts';
import { neverOnlineSection } from './sections/logins/never-online.ts';
import { messagesSection } from './sections/messages.ts';
import { onlineCourse } from './sections/online-course.ts';
import { outcomesSection } from './sections/outcomes.ts';
import { sessionsSection } from './sections/sessions.ts';
import { stormsSection } from './sections/storms.ts';
import { titleSection } from './sections/title.ts';
import { thresholdsSection, verdictSection, warningsSection } from './sections/verdict.ts';
import type { TextStyle } from './spans.ts';

/** Renders a part of the summary as lines; none if there is nothing to say. */
export type Section = (summary: Summary, style: TextStyle) => string[];

/** From how it went and what was run to whether the measurements are reliable. */
const SECTIONS: readonly Section[] = [
  headlineSection,
  titleSection,
  fleetsSection,
  attemptsSection,
  outcomesSection,
  neverOnlineSection,
  addressesSection,
  authCodesSection,
  latencySection,
  messagesSection,
  sessionsSection,
  eventsSection,
  stormsSection,
  kicksSection,
  emulatorSection,
  hostsSection,
  generatorSection,
  thresholdsSection,
  warningsSection,
  verdictSection,
];

/**
 * The summary of a run as text for a terminal, ended by a newline; no line is wider than the style. `online`: sessions online by interval,
 * if available; drawn as a line under the title.
 */
export function renderSummary(summary: Summary, style: TextStyle, online: readonly number[] = []): string {
  const [verdict = [], title = [], ...others] = SECTIONS.map((section) => section(summary, style));
  const sections = [verdict, title, onlineCourse(online, style), ...others].filter((lines) => lines.length > 0);
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
