import { env } from 'node:process';

/**
 * Removes the variables that make libraries and Node itself log: the `debug` package of MQTT.js and its codec prints packets, including
 * passwords, and Node's own logs print HTTP requests. Must be imported before any of them.
 */
delete env['DEBUG'];
delete env['NODE_DEBUG'];
