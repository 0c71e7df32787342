import { expect, test } from 'vitest';
import { parseExtendedClientId } from '../../../../src/emulator/login/extension.ts';

const NONE = { signmethod: 'hmacmd5', timestamp: undefined, securemode: undefined };

test.each([
  ['the document', '12345|securemode=3,signmethod=hmacsha1,timestamp=789|', '12345', '3', 'hmacsha1', '789'],
  ['any order', 'c|timestamp=1,signmethod=hmacsha256,securemode=2|', 'c', '2', 'hmacsha256', '1'],
  ['unknown keys', 'c|_v=sdk-c-3.0,securemode=3,lan=C,gw=0,ext=0,timestamp=9|', 'c', '3', 'hmacmd5', '9'],
  ['blanks', 'c| securemode = 3 ,\tsignmethod= hmacsha1 , timestamp =7 |', 'c', '3', 'hmacsha1', '7'],
  ['line breaks', 'c|\r\nsecuremode=3,\nsignmethod=hmacsha1,\ntimestamp=7\n|', 'c', '3', 'hmacsha1', '7'],
  ['empty pairs', 'c|,securemode=3,,timestamp=7,|', 'c', '3', 'hmacmd5', '7'],
  ['the last of a repeated key', 'c|timestamp=1,securemode=3,timestamp=2|', 'c', '3', 'hmacmd5', '2'],
  ['a value with an equals sign', 'c|securemode=3,timestamp=a=b|', 'c', '3', 'hmacmd5', 'a=b'],
  ['an unknown key without value', 'c|securemode=3,ext=,timestamp=1|', 'c', '3', 'hmacmd5', '1'],
])('reads %s', (_what, text, clientId, securemode, signmethod, timestamp) => {
  expect(parseExtendedClientId(text)).toEqual({ clientId, securemode, signmethod, timestamp });
});

test('absent keys: hmacmd5, no timestamp, no securemode', () => {
  expect(parseExtendedClientId('c||')).toEqual({ clientId: 'c', ...NONE });
});

test('the bare client id is taken as it is, blanks included', () => {
  expect(parseExtendedClientId(' c d |securemode=3|')?.clientId).toBe(' c d ');
});

test.each([
  ['no bars', '12345'],
  ['one bar', '12345|securemode=3'],
  ['three bars', '12|345|securemode=3|'],
  ['text after the last bar', '12345|securemode=3|x'],
  ['no client id', '|securemode=3|'],
  ['nothing', ''],
  ['a pair without equals sign', '12345|securemode|'],
  ['a pair without key', '12345|=3|'],
  ['an unknown sign method', '12345|signmethod=hmacsha512|'],
  ['an empty sign method', '12345|signmethod=|'],
  ['a sign method in capitals', '12345|signmethod=HMACSHA1|'],
])('rejects %s', (_what, text) => {
  expect(parseExtendedClientId(text)).toBeUndefined();
});
