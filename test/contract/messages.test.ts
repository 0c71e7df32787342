import { generate, type Packet } from 'mqtt-packet';
import { beforeEach, describe, expect, test } from 'vitest';
import type { TopicFilter } from '../../src/link/mqtt/application-messages.ts';
import { describeLinks } from '../fixtures/links/link-bench.ts';
import { RecordingMessages } from '../fixtures/links/recording-messages.ts';
import { answering, type Service } from '../fixtures/servers/answering.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

const FILTERS: readonly TopicFilter[] = [
  { topic: '/pk/device/user/get', qos: 1 },
  { topic: '/pk/device/user/#', qos: 0 },
];
const UPDATE = { topic: '/pk/device/user/update', payload: Buffer.from('hello'), qos: 1 } as const;

describeLinks(
  'messages',
  (bench) => {
    let told: RecordingMessages;
    beforeEach(() => {
      told = new RecordingMessages();
    });

    /** A session whose service answers each of its packets with these bytes. */
    async function online(answer: Service): Promise<ReturnType<typeof bench.online>> {
      return await bench.online(answering(answer));
    }

    async function inOrder(): Promise<void> {
      await new Promise<void>((resolve) => bench.link.end(resolve));
    }

    test('SUBSCRIBE names its filters, SUBACK has a code for each, refused ones included', async () => {
      const server = await online((packet) => (packet.cmd === 'subscribe' ? suback(packet, [1, 0x80]) : undefined));
      expect(bench.link.subscribe(FILTERS, told)).toBe(1);
      await told.heard(1);
      expect(told.calls).toEqual(['suback 1: 1 128']);
      expect(server.connection().packets[1]).toMatchObject({ cmd: 'subscribe', messageId: 1, subscriptions: FILTERS });
      await inOrder();
    });

    test('a SUBACK that grants less than was asked for is told as it is', async () => {
      await online((packet) => (packet.cmd === 'subscribe' ? suback(packet, [0, 0]) : undefined));
      bench.link.subscribe(FILTERS, told);
      await told.heard(1);
      expect(told.calls).toEqual(['suback 1: 0 0']);
      await inOrder();
    });

    test('PUBLISH of QoS 1 is answered by PUBACK', async () => {
      const server = await online(acknowledge);
      expect(bench.link.publish(UPDATE, told)).toBe(1);
      await told.heard(1);
      expect(told.calls).toEqual(['puback 1']);
      expect(server.connection().packets[1]).toMatchObject({
        cmd: 'publish',
        messageId: 1,
        qos: 1,
        retain: false,
        dup: false,
        topic: UPDATE.topic,
        payload: UPDATE.payload,
      });
      await inOrder();
    });

    test('PUBLISH of QoS 0 has no identifier and no answer', async () => {
      const server = await online(acknowledge);
      expect(bench.link.publish({ ...UPDATE, qos: 0 }, told)).toBe(0);
      expect(bench.link.publish({ ...UPDATE, payload: Buffer.alloc(0) }, told)).toBe(1);
      await told.heard(1);
      expect(told.calls).toEqual(['puback 1']);
      expect(server.connection().packets.slice(1)).toMatchObject([
        { cmd: 'publish', qos: 0, payload: UPDATE.payload },
        { cmd: 'publish', qos: 1, messageId: 1, payload: Buffer.alloc(0) },
      ]);
      await inOrder();
    });

    test('requests inside onAccepted leave after CONNECT and are answered each by its own', async () => {
      const server = await bench.serve(answering((packet) => acknowledge(packet) ?? subscribeAll(packet)));
      bench.listener.whenAccepted = () => {
        bench.link.subscribe(FILTERS, told);
        bench.link.publish(UPDATE, told);
        bench.link.publish(UPDATE, told);
      };
      await bench.open(server.port).settled;
      await told.heard(3);
      expect(told.calls).toEqual(['suback 1: 1 0', 'puback 2', 'puback 3']);
      await inOrder();
      await server.connection().closed;
      const sent = server.connection().packets.map(({ cmd }) => cmd);
      expect(sent).toEqual(['connect', 'subscribe', 'publish', 'publish', 'disconnect']);
    });

    test('answers in another order than the requests find theirs', async () => {
      const server = await online(() => undefined);
      for (let nth = 0; nth < 3; nth++) bench.link.publish(UPDATE, told);
      server.connection().socket.write(Buffer.concat([puback(3), puback(1), puback(2)]));
      await told.heard(3);
      expect(told.calls).toEqual(['puback 3', 'puback 1', 'puback 2']);
      await inOrder();
    });

    test('a large message leaves whole', async () => {
      const server = await online(acknowledge);
      const payload = Buffer.alloc(262_144, 'x');
      bench.link.publish({ ...UPDATE, payload }, told);
      await told.heard(1);
      const [, sent] = server.connection().packets;
      // Compared as bytes: the matcher takes a second for them.
      expect(sent?.cmd === 'publish' && payload.equals(Buffer.from(sent.payload))).toBe(true);
      await inOrder();
    });

    describe('messages from the service', () => {
      const news = Buffer.concat([message(0, 'zero'), message(1, 'one', 7), message(0, 'x'.repeat(5_000))]);
      const heard = ['publish /news: zero', 'publish /news: one', `publish /news: ${'x'.repeat(5_000)}`];

      test('several in one segment are told in order, and those of QoS 1 acknowledged', async () => {
        const server = await online((packet) => subscribeAll(packet));
        bench.link.subscribe(FILTERS, told);
        await told.heard(1);
        server.connection().socket.write(Buffer.concat([news, message(1, 'two', 8)]));
        await told.heard(5);
        expect(told.calls.slice(1)).toEqual([...heard, 'publish /news: two']);
        await inOrder();
        await server.connection().closed;
        expect(server.connection().packets.slice(2)).toMatchObject([
          { cmd: 'puback', messageId: 7 },
          { cmd: 'puback', messageId: 8 },
          { cmd: 'disconnect' },
        ]);
      });

      test('in the same segment as SUBACK, and split byte by byte', async () => {
        const server = await online(() => undefined);
        bench.link.subscribe(FILTERS, told);
        const bytes = Buffer.concat([suback({ messageId: 1 }, [1, 0]), message(0, 'zero'), message(1, 'one', 7)]);
        scripts.writePieces(
          server.connection().socket,
          [...bytes].map((byte) => Buffer.from([byte])),
        );
        await told.heard(3);
        expect(told.calls).toEqual(['suback 1: 1 0', ...heard.slice(0, 2)]);
        await inOrder();
      });
    });

    describe('the end', () => {
      test.each([
        ['FIN', 'closed-by-server'],
        ['RST', 'reset'],
      ])('%s while answers are due ends the session once, and they are never told', async (way, cause) => {
        const server = await online(() => undefined);
        bench.link.subscribe(FILTERS, told);
        bench.link.publish(UPDATE, told);
        const connection = server.connection();
        await connection.came(3);
        if (way === 'FIN') connection.socket.end();
        else server.reset();
        await bench.listener.ended;
        expect(bench.listener.end?.cause).toBe(cause);
        expect(bench.listener.calls).toEqual(['accepted', 'ended']);
        expect(told.calls).toEqual([]);
      });

      test('answers in the same segment as FIN are told before the end', async () => {
        const server = await online(() => undefined);
        bench.link.publish(UPDATE, told);
        const connection = server.connection();
        await connection.came(2);
        connection.socket.end(puback(1));
        await bench.listener.ended;
        expect(told.calls).toEqual(['puback 1']);
      });

      test('end does not wait for answers: DISCONNECT leaves at once', async () => {
        const server = await online(() => undefined);
        bench.link.subscribe(FILTERS, told);
        bench.link.publish(UPDATE, told);
        await inOrder();
        await server.connection().closed;
        const sent = server.connection().packets.map(({ cmd }) => cmd);
        expect(sent).toEqual(['connect', 'subscribe', 'publish', 'disconnect']);
        expect(told.calls).toEqual([]);
      });

      test('end from inside an answer leaves in order', async () => {
        const server = await online(acknowledge);
        told.whenCalled = () => bench.link.end();
        bench.link.publish(UPDATE, told);
        bench.link.publish(UPDATE, told);
        await server.connection().closed;
        expect(told.calls).toEqual(['puback 1']);
        const sent = server.connection().packets.map(({ cmd }) => cmd);
        expect(sent).toEqual(['connect', 'publish', 'publish', 'disconnect']);
        expect(bench.listener.calls).toEqual(['accepted']);
      });

      test.each(['end', 'reset', 'close'] as const)('after %s nothing is sent', async (way) => {
        const server = await online(acknowledge);
        bench.link[way]();
        expect(bench.link.publish(UPDATE, told)).toBeUndefined();
        expect(bench.link.publish({ ...UPDATE, qos: 0 }, told)).toBeUndefined();
        expect(bench.link.subscribe(FILTERS, told)).toBeUndefined();
        await server.connection().closed;
        expect(server.connection().packets.map(({ cmd }) => cmd)).not.toContain('publish');
        expect(told.calls).toEqual([]);
      });

      test('after the service ended the session nothing is sent', async () => {
        const server = await online(acknowledge);
        server.connection().socket.end();
        await bench.listener.ended;
        expect(bench.link.publish(UPDATE, told)).toBeUndefined();
        expect(bench.link.subscribe(FILTERS, told)).toBeUndefined();
        expect(bench.listener.calls).toEqual(['accepted', 'ended']);
      });

      test('before CONNACK nothing is sent', async () => {
        const server = await bench.serve(scripts.silence);
        bench.open(server.port);
        expect(bench.link.publish(UPDATE, told)).toBeUndefined();
        await (await server.accepted).connectCame;
        expect(bench.link.publish(UPDATE, told)).toBeUndefined();
        expect(bench.link.subscribe(FILTERS, told)).toBeUndefined();
        await inOrder();
        await server.connection().closed;
        expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect']);
      });
    });

    describe('wrong answers', () => {
      test.each<[what: string, answer: (packet: Packet) => Buffer]>([
        ['a SUBACK with a code too few', (packet) => suback(packet, [1])],
        ['a SUBACK with a code too many', (packet) => suback(packet, [1, 0, 0])],
        ['a SUBACK with a refusal and a code too many', (packet) => suback(packet, [0x80, 0, 0])],
        ['a PUBACK for a SUBSCRIBE', ({ messageId = 0 }) => puback(messageId)],
        ['an UNSUBACK for a SUBSCRIBE', ({ messageId = 0 }) => Buffer.from([0xb0, 2, 0, messageId])],
        ['a reserved code', ({ messageId = 0 }) => Buffer.from([0x90, 4, 0, messageId, 3, 0])],
      ])('%s ends the session with protocol-error', async (_what, answer) => {
        await online((packet) => (packet.cmd === 'subscribe' ? answer(packet) : undefined));
        bench.link.subscribe(FILTERS, told);
        await bench.listener.ended;
        expect(bench.listener.end?.cause).toBe('protocol-error');
        expect(told.calls).toEqual([]);
      });

      test.each<[what: string, answer: (packet: Packet) => Buffer]>([
        ['a SUBACK', (packet) => suback(packet, [1])],
        ['a PUBREC', ({ messageId = 0 }) => generate({ cmd: 'pubrec', messageId })],
        ['a PUBCOMP', ({ messageId = 0 }) => generate({ cmd: 'pubcomp', messageId })],
      ])('%s for a PUBLISH of QoS 1 ends the session with protocol-error', async (_what, answer) => {
        await online((packet) => (packet.cmd === 'publish' ? answer(packet) : undefined));
        bench.link.publish(UPDATE, told);
        await bench.listener.ended;
        expect(bench.listener.end?.cause).toBe('protocol-error');
        expect(told.calls).toEqual([]);
      });

      test('answers to nothing, and a second answer, are let pass', async () => {
        const server = await online(() => undefined);
        bench.link.publish(UPDATE, told);
        const strays = [puback(9), suback({ messageId: 10 }, [0]), generate({ cmd: 'pubrec', messageId: 11 })];
        server.connection().socket.write(Buffer.concat([...strays, puback(1), puback(1)]));
        await told.heard(1);
        bench.link.publish(UPDATE, told);
        server.connection().socket.write(puback(2));
        await told.heard(2);
        expect(told.calls).toEqual(['puback 1', 'puback 2']);
        await inOrder();
        expect(bench.listener.calls).toEqual(['accepted']);
      });
    });
  },
  ['tcp', 'tls'],
);

function acknowledge({ cmd, messageId }: Packet): Buffer | undefined {
  return cmd === 'publish' && messageId !== undefined ? puback(messageId) : undefined;
}

function subscribeAll(packet: Packet): Buffer | undefined {
  return packet.cmd === 'subscribe' ? suback(packet, [1, 0]) : undefined;
}

function suback({ messageId = 0 }: Pick<Packet, 'messageId'>, granted: number[]): Buffer {
  return generate({ cmd: 'suback', messageId, granted });
}

function puback(messageId: number): Buffer {
  return generate({ cmd: 'puback', messageId });
}

function message(qos: 0 | 1, payload: string, messageId = 0): Buffer {
  return generate({ cmd: 'publish', topic: '/news', payload, qos, messageId, retain: false, dup: false });
}
