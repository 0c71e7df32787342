import { compileTemplate } from '../../device/template.ts';
import type { TopicFilter } from '../../link/mqtt/application-messages.ts';
import { FILTER_REFUSED } from '../../link/mqtt/application-messages.ts';
import { filterFault, topicFault } from '../../link/mqtt/sendable.ts';
import type { AttemptParts } from '../attempt/attempt-parts.ts';
import type { SeenFailure, SessionFailure } from '../attempt/failure.ts';
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

/** What a device does once it is in: subscribes, publishes one message that is acknowledged, pings. The first failure ends it. */
export async function sessionSteps(
  talk: Conversation,
  subject: LoginSubject,
  parts: AttemptParts,
): Promise<SeenFailure | undefined> {
  return (
    (await subscribeStep(talk, subject, parts)) ??
    (await publishStep(talk, subject, parts)) ??
    (await pingStep(talk, parts))
  );
}

async function subscribeStep(
  talk: Conversation,
  subject: LoginSubject,
  { log, withinUs }: AttemptParts,
): Promise<SeenFailure | undefined> {
  const own = subject.onConnect?.subscribe ?? [];
  const filters: readonly TopicFilter[] = own.length > 0 ? own : [{ topic: defaultTopic(subject, 'get'), qos: 0 }];
  const step = log.begin('subscribe');
  const topics = filters.map(({ topic }) => topicOf(topic, subject));
  const facts = topics.map(({ shown }, index) => ({ name: `filter (QoS ${filters[index]?.qos ?? 0})`, value: shown }));
  const fault = topics.map(({ sent }) => filterFault(sent)).find((one) => one !== undefined);
  if (fault !== undefined) {
    step.end('failed', `not sent: ${fault}`, facts);
    return failed('subscribe', 'refused', `not sent: ${fault}`);
  }
  talk.send({
    cmd: 'subscribe',
    messageId: SUBSCRIBE_ID,
    subscriptions: topics.map(({ sent }, index) => ({ topic: sent, qos: filters[index]?.qos ?? 0 })),
  });
  const heard = await talk.hear('suback', withinUs / 1_000);
  const granted = grantedOf(heard);
  if (granted === undefined) {
    const lost = lostWords(heard, 'SUBSCRIBE');
    step.end('failed', lost.words, facts);
    return failed('subscribe', lost.kind, lost.words);
  }
  const refused = granted.filter((code) => code >= FILTER_REFUSED).length;
  if (refused === 0) {
    step.end('ok', 'SUBACK: granted', facts);
    return undefined;
  }
  const words = `SUBACK refuses ${refused} of ${granted.length} topic filters`;
  // Only what the scenario asks for must be granted.
  step.end(own.length > 0 ? 'failed' : 'noted', words, facts);
  return own.length > 0 ? failed('subscribe', 'refused', words) : undefined;
}

async function publishStep(
  talk: Conversation,
  subject: LoginSubject,
  { log, withinUs }: AttemptParts,
): Promise<SeenFailure | undefined> {
  const [message] = subject.onConnect?.publish ?? [];
  const topic = topicOf(message?.topic ?? defaultTopic(subject, 'update'), subject);
  const payload = message === undefined ? PAYLOAD : Buffer.alloc(message.bytes);
  const step = log.begin('publish');
  const facts = [{ name: 'topic (QoS 1)', value: `${topic.shown}, ${payload.length} bytes` }];
  const fault = topicFault(topic.sent);
  if (fault !== undefined) {
    step.end('failed', `not sent: ${fault}`, facts);
    return failed('publish', 'refused', `not sent: ${fault}`);
  }
  talk.send({ cmd: 'publish', messageId: PUBLISH_ID, topic: topic.sent, payload, qos: 1, dup: false, retain: false });
  const heard = await talk.hear('puback', withinUs / 1_000);
  if (heard.kind === 'packet' && heard.packet.cmd === 'puback') {
    step.end('ok', 'PUBACK: taken', facts);
    return undefined;
  }
  const { kind, words } = lostWords(heard, 'PUBLISH');
  step.end('failed', words, facts);
  return failed('publish', kind, words);
}

async function pingStep(talk: Conversation, { log, withinUs }: AttemptParts): Promise<SeenFailure | undefined> {
  const step = log.begin('ping');
  talk.send({ cmd: 'pingreq' });
  const heard = await talk.hear('pingresp', withinUs / 1_000);
  if (heard.kind === 'packet' && heard.packet.cmd === 'pingresp') {
    step.end('ok', 'PINGRESP');
    return undefined;
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
