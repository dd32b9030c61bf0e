// What aiflow-bench compares with: a bot on npm's ws, as users write it.
//
//   node app.mjs version | listen [--certificate F --key F] | dial URL [--certificate F]
//       [--connections N]
import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { WebSocket, WebSocketServer } = await import('ws').catch(() => {
    console.error('the package ws is missing: run "npm ci" in tools/bench/node');
    process.exit(1);
});

const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        certificate: { type: 'string' },
        key: { type: 'string' },
        connections: { type: 'string', default: '1' },
    },
});
const [command, url] = positionals;
const text = 'Thank you, let me look that up for you.';

function serve(socket) {
    socket.on('message', (data) => {
        const event = JSON.parse(data);
        switch (event.type) {
            case 'session_start':
            case 'user_speak':
                socket.send(
                    JSON.stringify({ type: 'speak', session_id: event.session.id, text }),
                );
                break;
            case 'assistant_speak':
            case 'user_speech_started':
            case 'session_end':
                break;
            default:
                console.error(`unknown event ${event.type}`);
        }
    });
    socket.on('error', (error) => console.error(error.message));
}

function listen() {
    const server = options.certificate
        ? createHttps({
              cert: readFileSync(options.certificate),
              key: readFileSync(options.key),
          })
        : createHttp();
    new WebSocketServer({ server, path: '/ws', perMessageDeflate: false }).on('connection', serve);
    server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () =>
        console.log(`port ${server.address().port}`),
    );
}

function dial() {
    const ca = options.certificate && readFileSync(options.certificate);
    for (let i = 0; i < Number(options.connections); i += 1)
        serve(new WebSocket(url, { perMessageDeflate: false, ca }));
}

const commands = {
    version: () => {
        const ws = createRequire(import.meta.url)('ws/package.json');
        console.log(`version Node.js ${process.version}, ws ${ws.version}`);
    },
    listen,
    dial,
};
if (!(command in commands)) {
    console.error('usage: node app.mjs version|listen|dial');
    process.exit(64);
}
commands[command]();
