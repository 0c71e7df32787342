import { compileTemplate } from '../../device/template.ts';
import type { TopicFilter } from '../../link/mqtt/application-messages.ts';
import { FILTER_REFUSED } from '../../link/mqtt/application-messages.ts';
import { filterFault, topicFault } from '../../link/mqtt/sendable.ts';
import type { Fact } from '../../results/login/login-step.ts';
import type { AttemptParts } from '../attempt/attempt-parts.ts';
import type { SeenFailure, SessionFailure } from '../attempt/failure.ts';
import type { OpenStep } from '../attempt/step-log.ts';
import type { LoginSubject } from '../subject/login-subject.ts';
import type { Conversation, Heard } from './conversation.ts';
import { shownTemplate } from './shown-template.ts';

/** A text that is sent, and what may be shown of it. */
interface Topic {
  readonly sent: string;
  readonly shown: string;
}

const [SUBSCRIBE_ID, PUBLISH_ID] = [1, 2];
const PAYLOAD = Buffer.from('{"from":"fleetstorm login"}');

/** How a step ended: the next one may follow, nothing more can be seen, or the device got no further. */
type StepEnd = 'go-on' | 'enough' | SeenFailure;

/**
 * What a device does once it is in: subscribes, publishes one message that is acknowledged, pings. The first failure ends it. Topics that
 * the scenario does not name are this program's choice: that a service does not allow them is noted, and no failure.
 */
export async function sessionSteps(
  talk: Conversation,
  subject: LoginSubject,
  parts: AttemptParts,
): Promise<SeenFailure | undefined> {
  for (const step of [subscribeStep, publishStep, pingStep]) {
    const end = await step(talk, subject, parts);
    if (end === 'enough') return undefined;
    if (end !== 'go-on') return end;
  }
  return undefined;
}

async function subscribeStep(
  talk: Conversation,
  subject: LoginSubject,
  { log, withinUs }: AttemptParts,
): Promise<StepEnd> {
  const own = subject.onConnect?.subscribe ?? [];
  const isOwn = own.length > 0;
  const filters: readonly TopicFilter[] = isOwn ? own : [{ topic: defaultTopic(subject, 'get'), qos: 0 }];
  const topics = filters.map(({ topic, qos }) => ({ ...topicOf(topic, subject), qos }));
  const step = log.begin('subscribe');
  const facts = topics.map(({ shown, qos }) => ({ name: `filter (QoS ${qos})`, value: shown }));
  const amiss = (kind: SessionFailure['kind'], words: string): StepEnd =>
    ended(step, 'subscribe', { kind, words, facts, isOwn });
  const fault = topics.map(({ sent }) => filterFault(sent)).find((one) => one !== undefined);
  if (fault !== undefined) return amiss('refused', `not sent: ${fault}`);
  const subscriptions = topics.map(({ sent, qos }) => ({ topic: sent, qos }));
  talk.send({ cmd: 'subscribe', messageId: SUBSCRIBE_ID, subscriptions });
  const heard = await talk.hear('suback', withinUs / 1_000);
  const granted = grantedOf(heard);
  if (granted === undefined) {
    const { kind, words } = lostWords(heard, 'SUBSCRIBE');
    return amiss(kind, words);
  }
  const refused = granted.filter((code) => code >= FILTER_REFUSED).length;
  if (refused > 0) return amiss('refused', `SUBACK refuses ${refused} of ${granted.length} topic filters`);
  step.end('ok', 'SUBACK: granted', facts);
  return 'go-on';
}

async function publishStep(
  talk: Conversation,
  subject: LoginSubject,
  { log, withinUs }: AttemptParts,
): Promise<StepEnd> {
  const [message] = subject.onConnect?.publish ?? [];
  const topic = topicOf(message?.topic ?? defaultTopic(subject, 'update'), subject);
  const payload = message === undefined ? PAYLOAD : Buffer.alloc(message.bytes);
  const step = log.begin('publish');
  const facts = [{ name: 'topic (QoS 1)', value: `${topic.shown}, ${payload.length} bytes` }];
  const isOwn = message !== undefined;
  const amiss = (kind: SessionFailure['kind'], words: string): StepEnd =>
    ended(step, 'publish', { kind, words, facts, isOwn });
  const fault = topicFault(topic.sent);
  if (fault !== undefined) return amiss('refused', `not sent: ${fault}`);
  talk.send({ cmd: 'publish', messageId: PUBLISH_ID, topic: topic.sent, payload, qos: 1, dup: false, retain: false });
  const heard = await talk.hear('puback', withinUs / 1_000);
  if (heard.kind === 'packet' && heard.packet.cmd === 'puback') {
    step.end('ok', 'PUBACK: taken', facts);
    return 'go-on';
  }
  const { kind, words } = lostWords(heard, 'PUBLISH');
  return amiss(kind, words);
}

/** Something that is not as it should be. */
interface Amiss {
  readonly kind: SessionFailure['kind'];
  readonly words: string;
  readonly facts: readonly Fact[];
  /** Whether the scenario asks for it. */
  readonly isOwn: boolean;
}

function ended(step: OpenStep, name: 'subscribe' | 'publish', { kind, words, facts, isOwn }: Amiss): StepEnd {
  const isForbidden = kind === 'refused' || kind === 'closed';
  if (isOwn || !isForbidden) {
    step.end('failed', words, facts);
    return failed(name, kind, words);
  }
  step.end('noted', `${words}: the device may not use this topic, which is no topic of the scenario`, facts);
  return kind === 'closed' ? 'enough' : 'go-on';
}

async function pingStep(talk: Conversation, _subject: LoginSubject, { log, withinUs }: AttemptParts): Promise<StepEnd> {
  const step = log.begin('ping');
  talk.send({ cmd: 'pingreq' });
  const heard = await talk.hear('pingresp', withinUs / 1_000);
  if (heard.kind === 'packet' && heard.packet.cmd === 'pingresp') {
    step.end('ok', 'PINGRESP');
    return 'go-on';
  }
  const { kind, words } = lostWords(heard, 'PINGREQ');
  step.end('failed', words);
  return failed('ping', kind, words);
}

/** A topic that belongs to the device. */
function defaultTopic({ auth }: LoginSubject, end: string): string {
  return auth.mode === 'password' ? `fleetstorm/login/\${deviceName}/${end}` : `/\${productKey}/\${deviceName}/${end}`;
}

function topicOf(template: string, { identity, index, environment, columns }: LoginSubject): Topic {
  const values = { ...identity, index: String(index + 1) };
  return {
    sent: compileTemplate(template, environment, columns)(values),
    shown: shownTemplate(template, values),
  };
}

function grantedOf(heard: Heard): number[] | undefined {
  if (heard.kind !== 'packet' || heard.packet.cmd !== 'suback') return undefined;
  return heard.packet.granted.map(Number);
}

function lostWords(heard: Heard, asked: string): { kind: SessionFailure['kind']; words: string } {
  switch (heard.kind) {
    case 'silence':
      return { kind: 'timeout', words: `no answer to ${asked}` };
    case 'stranger':
      return { kind: 'stranger', words: `the answer to ${asked} is not MQTT (${heard.words})` };
    default:
      return { kind: 'closed', words: `the service closed the connection at ${asked}` };
  }
}

function failed(step: SessionFailure['step'], kind: SessionFailure['kind'], words: string): SeenFailure {
  return { failure: { step, side: 'mqtt', kind }, words: `in, but ${words}` };
}
