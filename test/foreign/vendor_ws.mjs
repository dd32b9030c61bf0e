// A WebSocket server on npm's ws, worked by lines of JSON (see run_foreign.py).
//
// What arrives is printed, what is to be sent is read from standard input, whose end is the
// server's.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { WebSocketServer } = await import('ws').catch(() => {
    console.error('the package ws is missing: run "npm ci" in test/foreign, as tools/check does');
    process.exit(1);
});

const { values: options } = parseArgs({
    options: { token: { type: 'string' }, 'no-pong': { type: 'boolean', default: false } },
});
let current;

const report = (what) => console.log(JSON.stringify(what));

const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    autoPong: !options['no-pong'],
    verifyClient: ({ req }, decide) => {
        const right = req.headers['x-api-token'] === options.token;
        if (!right) report({ refused: 'not the right token' });
        decide(right, 401);
    },
});

server.on('listening', () => report({ port: server.address().port }));
server.on('connection', (peer, request) => {
    current = peer;
    report({ open: request.url });
    peer.on('message', (data, binary) =>
        report(binary ? { binary: data.length } : { text: data.toString() }));
    peer.on('ping', (data) => report({ ping: data.toString() }));
    peer.on('error', (error) => report({ error: error.message }));
    peer.on('close', (code) => report({ closed: code }));
});

for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    if ('send' in command) current.send(command.send);
    else current.close(command.close, 'call over');
}
process.exit(0);
