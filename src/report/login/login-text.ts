import type { Cause, Certainty, LoginReport } from '../../results/login/login-report.ts';
import { LOGIN_STEPS, type LoginStep, type LoginStepName, type StepState } from '../../results/login/login-step.ts';
import { counted } from '../../text/counts.ts';
import { formatUs } from '../../time/units.ts';
import { heading, type Span, span, type TextStyle, type Tone, wrapped } from '../text/spans.ts';
import { padded } from '../text/text.ts';

/** A look at a login as text for a terminal, ended by a newline; no line is wider than the style. */
export function renderLogin(report: LoginReport, style: TextStyle): string {
  const sections = [verdictLines, aboutLines, stepLines, trialLines, causeLines, warningLines].map((lines) =>
    lines(report, style),
  );
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

type Lines = (report: LoginReport, style: TextStyle) => string[];

const verdictLines: Lines = ({ verdict, isIn }, style) => {
  const mark = style.unicode ? (isIn ? '✔' : '✘') : isIn ? 'OK' : 'FAILED';
  return wrapped([span(`${mark} `, isIn ? 'good' : 'bad')], span(verdict, 'strong'), style);
};

const MODES: Readonly<Record<LoginReport['mode'], string>> = {
  direct: 'by a signed CONNECT',
  'https-token': 'by a token of the HTTPS login',
  password: 'by user name and password',
};

const aboutLines: Lines = ({ device, target, mode, transport, connections }, style) => {
  const product = device.productKey === undefined ? '' : `, product ${device.productKey}`;
  const fleet = device.fleet === undefined ? '' : `, fleet ${device.fleet}`;
  const taken = connections === 0 ? 'nothing was sent' : counted(connections, 'connection');
  return [
    ...row('device', `${device.deviceName}${product}${fleet}`, style),
    ...row('target', target, style),
    ...row('login', `${MODES[mode]}, over ${transport.toUpperCase()}; ${taken}`, style),
  ];
};

function row(name: string, text: string, style: TextStyle): string[] {
  return wrapped([span(`  ${name.padEnd(8)}`, 'dim')], span(text), style);
}

const STEP_WORDS: Readonly<Record<LoginStepName, string>> = {
  'auth-name': 'login name',
  'auth-tcp': 'login TCP',
  'auth-tls': 'login TLS',
  'auth-login': 'HTTPS login',
  name: 'name',
  tcp: 'TCP',
  tls: 'TLS',
  connect: 'CONNECT',
  subscribe: 'SUBSCRIBE',
  publish: 'PUBLISH',
  ping: 'PING',
};
const STEP_WIDTH = Math.max(...LOGIN_STEPS.map((step) => STEP_WORDS[step].length));
const [TIME_WIDTH, FACT_INDENT] = [8, 6];
/** Of text beside the name of a fact. */
const LEAST_ROOM = 20;

const stepLines: Lines = ({ steps }, style) => [
  heading('What was seen, with the time from the start and how long each step took', style),
  ...steps.flatMap((step) => [...stepLine(step, style), ...factLines(step, style)]),
];

function stepLine({ step, state, atUs, tookUs, seen }: LoginStep, style: TextStyle): string[] {
  const times = [atUs, tookUs].map((us) => padded(formatUs(us), TIME_WIDTH, 'right'));
  const lead = [
    span(`  ${times[0]} ${times[1]}  `, 'dim'),
    stateSpan(state, style),
    span(` ${STEP_WORDS[step].padEnd(STEP_WIDTH)}  `),
  ];
  return wrapped(lead, span(seen, state === 'ok' ? 'plain' : toneOf(state)), style);
}

const MARKS: Readonly<Record<StepState, readonly [unicode: string, ascii: string]>> = {
  ok: ['✔', '+'],
  noted: ['!', '!'],
  failed: ['✘', 'x'],
};

function stateSpan(state: StepState, { unicode }: TextStyle): Span {
  return span(MARKS[state][unicode ? 0 : 1], toneOf(state));
}

function toneOf(state: StepState): Tone {
  return state === 'ok' ? 'good' : state === 'noted' ? 'warn' : 'bad';
}

function factLines({ facts }: LoginStep, style: TextStyle): string[] {
  const width = Math.max(0, ...facts.map(({ name }) => name.length));
  const room = style.columns - FACT_INDENT - width - 2;
  return facts.flatMap(({ name, value }) =>
    wrapped([span(`${' '.repeat(FACT_INDENT)}${name.padEnd(width)}  `, 'dim')], span(broken(value, room)), style),
  );
}

/** Words that are longer than a line are broken, so that nothing of them is lost. */
function broken(text: string, room: number): string {
  if (room < LEAST_ROOM) return text;
  const pieces = new RegExp(`[^ ]{${room}}(?=[^ ])`, 'g');
  return text.replace(pieces, (piece) => `${piece} `);
}

const trialLines: Lines = ({ trials, untried }, style) => {
  if (trials.length === 0 && (untried === undefined || untried === '--once')) return [];
  const rest =
    untried === undefined ? [] : [...wrapped([span('  ')], span(`The rest was not tried: ${untried}.`, 'dim'), style)];
  return [
    heading('What was tried to tell the causes apart', style),
    ...trials.flatMap(({ words, gotIn, seen }) => [
      ...wrapped(
        [stateSpan(gotIn ? 'ok' : 'failed', style), span(' ')].toSpliced(0, 0, span('  ')),
        span(words),
        style,
      ),
      ...wrapped([span('      ')], span(seen, 'dim'), style),
    ]),
    ...rest,
  ];
};

const causeLines: Lines = ({ causes, isIn, untried }, style) => {
  if (isIn) return [];
  const once =
    untried === '--once'
      ? wrapped([span('  ')], span('Without --once, more is tried to tell them apart.', 'dim'), style)
      : [];
  return [
    heading(causes.length === 1 ? 'Why, and what to do' : 'Why, the most likely cause first, and what to do', style),
    ...causes.flatMap((cause, place) => causeText(cause, place + 1, style)),
    ...once,
  ];
};

const warningLines: Lines = ({ warnings }, style) =>
  warnings.flatMap((text) => wrapped([span('warning: ', 'warn')], span(text), style));

const CERTAINTY_WORDS: Readonly<Record<Certainty, string>> = { shown: 'shown', likely: 'likely', possible: 'possible' };

function causeText({ words, mend, certainty }: Cause, number: number, style: TextStyle): string[] {
  return [
    ...wrapped(
      [span(`  ${number}. `)],
      span(`${sentence(words)} (${CERTAINTY_WORDS[certainty]})`, number === 1 ? 'strong' : 'plain'),
      style,
    ),
    ...wrapped([span(`     ${style.unicode ? '→' : '->'} `, 'dim')], span(sentence(mend)), style),
  ];
}

/** As a sentence of its own, without changing names that begin with a small letter. */
function sentence(words: string): string {
  return /^[a-z]+(?:[ ,']|$)/.test(words) ? `${words.charAt(0).toUpperCase()}${words.slice(1)}` : words;
}
