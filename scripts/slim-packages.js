// What packages load at their first line, but this program uses late or never. Each cut is a text that must be found: a new
// version of a package that looks otherwise fails the build. CONTRIBUTING.md says what each cut saves.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

/** A module that is loaded when something of it is asked for. */
const late = (module) => `new Proxy({}, { get: (_, name) => ${module}[name] })`;

const CUTS = [
  {
    // For commands that are programs of their own; here there are none.
    file: /node_modules[/\\]commander[/\\]lib[/\\]command\.js$/,
    from: "= require('node:child_process')",
    to: `= ${late("require('node:child_process')")}`,
  },
  {
    // The network is needed when a server is far away; the local system is reached in process.
    file: /node_modules[/\\]axios[/\\]lib[/\\]adapters[/\\]adapters\.js$/,
    from: "import httpAdapter from './http.js';",
    to: "const httpAdapter = async (config) => (await import('./http.js')).default(config);",
  },
  {
    // The question that opens an editor is never asked; what it knows of character sets is a third of the bundle.
    file: /node_modules[/\\]@inquirer[/\\]external-editor[/\\]dist[/\\]index\.js$/,
    from: "import { detect } from 'chardet';",
    to: 'const detect = undefined;',
  },
  {
    file: /node_modules[/\\]@inquirer[/\\]external-editor[/\\]dist[/\\]index\.js$/,
    from: "import iconv from 'iconv-lite';",
    to: 'const iconv = undefined;',
  },
  {
    // Nobody asks for HTTP/2.
    file: /node_modules[/\\]axios[/\\]lib[/\\](adapters[/\\]http|helpers[/\\]Http2Sessions)\.js$/,
    from: "import http2 from 'http2';",
    to: `const http2 = ${late("require('node:http2')")};`,
  },
  {
    // TLS is loaded where it is spoken.
    file: /node_modules[/\\]axios[/\\]lib[/\\]adapters[/\\]http\.js$/,
    from: "import https from 'https';",
    to: `const https = ${late("require('node:https')")};`,
  },
  {
    // Redirects are told, not followed.
    file: /node_modules[/\\]axios[/\\]lib[/\\]adapters[/\\]http\.js$/,
    from: "import followRedirects from 'follow-redirects';",
    to: `const followRedirects = { http: ${late("require('follow-redirects').http")}, https: ${late("require('follow-redirects').https")} };`,
  },
  {
    // For TLS through a proxy.
    file: /node_modules[/\\]axios[/\\]lib[/\\]adapters[/\\]http\.js$/,
    from: "import HttpsProxyAgent from 'https-proxy-agent';",
    to: "function HttpsProxyAgent(options) { return new (require('https-proxy-agent'))(options); }",
  },
  {
    // For ids of forms.
    file: /node_modules[/\\]axios[/\\]lib[/\\]platform[/\\]node[/\\]index\.js$/,
    from: "import crypto from 'crypto';",
    to: `const crypto = ${late("require('node:crypto')")};`,
  },
  {
    // Asking Node for its fetch loads a second HTTP client.
    file: /node_modules[/\\]axios[/\\]lib[/\\]adapters[/\\]adapters\.js$/,
    from: "import * as fetchAdapter from './fetch.js';",
    to: 'const fetchAdapter = { getFetch: () => undefined };',
  },
  {
    // The same client again: forms are never sent.
    file: /node_modules[/\\]axios[/\\]lib[/\\]utils\.js$/,
    from: "typeof G.FormData !== 'undefined' ? G.FormData : undefined",
    to: 'undefined',
  },
  {
    file: /node_modules[/\\]axios[/\\]lib[/\\]platform[/\\]node[/\\]classes[/\\]FormData\.js$/,
    from: "import FormData from 'form-data';",
    to: 'class FormData {}',
  },
  {
    // It logs nothing: what is worth a line is told by the server itself.
    file: /node_modules[/\\]fastify[/\\]lib[/\\]logger-factory\.js$/,
    from: "require('./logger-pino.js')",
    to: '{}',
  },
  {
    // Requests come by the network only.
    file: /node_modules[/\\]fastify[/\\]fastify\.js$/,
    from: "lightMyRequest = require('light-my-request')",
    to: "throw new Error('no request is made up here')",
  },
  {
    // No route has a schema of its own: bodies are read by who knows their kind.
    file: /node_modules[/\\]fastify[/\\]lib[/\\]schema-controller\.js$/,
    from: "require('@fastify/ajv-compiler')",
    to: '() => undefined',
  },
  {
    file: /node_modules[/\\]fastify[/\\]lib[/\\]schema-controller\.js$/,
    from: "require('@fastify/fast-json-stringify-compiler')",
    to: '() => undefined',
  },
];

/** The compiled parts of packages, by platform, lie beside the bundle: no search through node_modules. */
const ADDONS = [
  {
    file: /node_modules[/\\]fs-native-extensions[/\\]binding\.js$/,
    from: "require.addon = require('require-addon')",
    to: "const path = require('node:path')",
  },
  {
    file: /node_modules[/\\]fs-native-extensions[/\\]binding\.js$/,
    from: "require.addon('.', __filename)",
    to: "require(path.join(path.dirname(__filename), 'fs-native-extensions', process.platform + '-' + process.arch + '.node'))",
  },
];

const JQ = fileURLToPath(new URL('../node_modules/jq-wasm/dist/build/jq.js', import.meta.url));
const JQ_WASM = /"data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)"/;

/** The WebAssembly of jq in brotli: a quarter less to install than npm's own packing of it, or half of it as text in a script. */
export function wasmOfJq() {
  return brotliCompressSync(Buffer.from(JQ_WASM.exec(readFileSync(JQ, 'utf8'))[1], 'base64'));
}

const wasmFrom = (text) => {
  const file = "require('node:path').join(require('node:path').dirname(__filename), 'jq.wasm.br')";
  const bytes = `require('node:zlib').brotliDecompressSync(require('node:fs').readFileSync(${file}))`;
  return text.replace(JQ_WASM, `dataURIPrefix + ${bytes}.toString('base64')`);
};

/** An esbuild plugin. */
export const slimPackages = {
  name: 'slim-packages',
  setup({ onLoad }) {
    onLoad(
      { filter: /node_modules[/\\](axios|commander|fastify|@inquirer|fs-native-extensions)[/\\].*\.js$/ },
      ({ path }) => {
        const cuts = [...CUTS, ...ADDONS].filter(({ file }) => file.test(path));
        if (cuts.length === 0) return undefined;
        let contents = readFileSync(path, 'utf8');
        for (const { from, to } of cuts) {
          if (!contents.includes(from)) throw new Error(`${path} no longer holds: ${from}`);
          contents = contents.replace(from, to);
        }
        return { contents, loader: 'js' };
      },
    );
    onLoad({ filter: /node_modules[/\\]jq-wasm[/\\]dist[/\\]build[/\\]jq\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!JQ_WASM.test(text)) throw new Error(`${path} no longer holds its WebAssembly as base64`);
      return { contents: wasmFrom(text), loader: 'js' };
    });
  },
};
