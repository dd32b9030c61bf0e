// A WebSocket client on npm's ws, worked by lines of JSON (see dial_foreign.py).
//
// What arrives is printed, what is to be sent is read from standard input, whose end is the
// client's.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { WebSocket } = await import('ws').catch(() => {
    console.error('the package ws is missing: run "npm ci" in test/foreign, as tools/check does');
    process.exit(1);
});

const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        token: { type: 'string' },
        origin: { type: 'string' },
        ca: { type: 'string' },
    },
});

const report = (what) => console.log(JSON.stringify(what));

// Compression is offered, as ws does by itself; the bot has to accept without it.
const peer = new WebSocket(positionals[0], {
    headers: options.token ? { 'X-API-TOKEN': options.token } : {},
    ...(options.origin && { origin: options.origin }),
    ...(options.ca && { ca: readFileSync(options.ca) }),
});
peer.on('open', () => report({ open: peer.url, extensions: peer.extensions }));
peer.on('unexpected-response', (request, response) => {
    report({ refused: response.statusCode });
    process.exit(0);
});
peer.on('message', (data, binary) =>
    report(binary ? { binary: data.length } : { text: data.toString() }));
peer.on('ping', (data) => report({ ping: data.toString() }));
peer.on('error', (error) => report({ error: error.message }));
peer.on('close', (code) => report({ closed: code }));

for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    if ('send' in command) peer.send(command.send);
    else peer.close(command.close, 'call over');
}
process.exit(0);
