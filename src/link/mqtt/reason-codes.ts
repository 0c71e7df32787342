/** Reason codes of MQTT 5 [MQTT 5 clause 2.4], the names in lower case. If a code has several names, the one for CONNACK or DISCONNECT. */
const REASON_NAMES: Readonly<Record<number, string>> = {
  0: 'success',
  4: 'disconnect with will message',
  128: 'unspecified error',
  129: 'malformed packet',
  130: 'protocol error',
  131: 'implementation specific error',
  132: 'unsupported protocol version',
  133: 'client identifier not valid',
  134: 'bad user name or password',
  135: 'not authorized',
  136: 'server unavailable',
  137: 'server busy',
  138: 'banned',
  139: 'server shutting down',
  140: 'bad authentication method',
  141: 'keep alive timeout',
  142: 'session taken over',
  143: 'topic filter invalid',
  144: 'topic name invalid',
  147: 'receive maximum exceeded',
  148: 'topic alias invalid',
  149: 'packet too large',
  150: 'message rate too high',
  151: 'quota exceeded',
  152: 'administrative action',
  153: 'payload format invalid',
  154: 'retain not supported',
  155: 'QoS not supported',
  156: 'use another server',
  157: 'server moved',
  158: 'shared subscriptions not supported',
  159: 'connection rate exceeded',
  160: 'maximum connect time',
  161: 'subscription identifiers not supported',
  162: 'wildcard subscriptions not supported',
};

/** `reason code 132, unsupported protocol version`; undefined when MQTT 5 has no such code for CONNACK or DISCONNECT. */
export function reasonWords(code: number | undefined): string | undefined {
  const name = code === undefined ? undefined : REASON_NAMES[code];
  return name === undefined ? undefined : `reason code ${code}, ${name}`;
}
