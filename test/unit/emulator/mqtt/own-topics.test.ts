import { describe, expect, test } from 'vitest';
import { OwnTopics } from '../../../../src/emulator/mqtt/own-topics.ts';

const TOPICS = new OwnTopics({ productKey: 'pk', deviceName: 'lamp' });

describe('a device holds', () => {
  test.each([
    '/pk/lamp/user/get',
    '/pk/lamp/#',
    '/pk/lamp/+/get',
    '/pk/lamp',
    '/sys/pk/lamp/thing/service/property/set',
    '/sys/pk/lamp/rrpc/request/+',
    '/sys/pk/lamp/#',
    '/shadow/get/pk/lamp',
    '/shadow/+/pk/lamp',
    '/ota/device/upgrade/pk/lamp',
    '/ext/session/pk/lamp/combine/login_reply',
    '/ext/ntp/pk/lamp/response',
    '/ext/rrpc/+/pk/lamp/user/get',
    '/ext/rrpc/17/pk/lamp/user/get',
    '/broadcast/pk/news',
    '/broadcast/pk/#',
  ])('%s', (name) => {
    expect(TOPICS.hold(name)).toBe(true);
  });

  test.each(['news', 'news/today', 'news/+', 'news/#', '+', 'pk/other/user/get'])("what is nobody's: %s", (name) => {
    expect(TOPICS.hold(name)).toBe(true);
  });
});

describe('a device does not hold', () => {
  test.each([
    '/pk/other/user/get',
    '/pk/lamp2/user/get',
    '/other/lamp/user/get',
    '/pk/+/user/get',
    '/pk/#',
    '/+/lamp/user/get',
    '/+/+/user/get',
    '/#',
    '#',
    '+/#',
    '+/pk/lamp/user/get',
    '/sys/pk/other/thing/#',
    '/sys/pk/+/thing/#',
    '/sys/#',
    '/sys/+/lamp/thing/#',
    '/+/pk/lamp/thing',
    '/shadow/get/pk/other',
    '/shadow/#',
    '/ota/device/upgrade/pk/+',
    '/ota/+/upgrade/pk/lamp',
    '/ext/session/pk/other/combine/login_reply',
    '/ext/rrpc/+/pk/other/user/get',
    '/ext/rrpc/#',
    '/broadcast/other/news',
    '/broadcast/+/news',
    '/broadcast/#',
    '/broadcast',
    '/news',
    '/',
    '//',
  ])('%s', (name) => {
    expect(TOPICS.hold(name)).toBe(false);
  });
});
