import { env } from 'node:process';

/**
 * Takes away what makes libraries and Node itself log: the `debug` package of MQTT.js and its codec prints packets, with passwords in them,
 * and Node's own logs print HTTP requests. To be imported before any of them is; worker threads get the environment as it is then.
 */
delete env['DEBUG'];
delete env['NODE_DEBUG'];
