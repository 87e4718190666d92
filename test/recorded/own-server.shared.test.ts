// Whole files of transcripts, typed in their order against our own server, client and server both real.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnServer, openOwnServer } from '../support/transcripts/own-server.ts';
import { differenceOf, replacedByForm } from '../support/transcripts/placeholders.ts';
import { type Transcript, transcriptsOf } from '../support/transcripts/read.ts';
import { ON_OWN_SERVER, type OwnFile } from './own-server.ts';

function same(ours: string, recorded: string): void {
  const difference = differenceOf(ours, recorded);
  expect(difference, difference).toBe('');
}

test('a line sees what the one before it changed, and the API what was typed', async () => {
  const server = await openOwnServer();
  const line = (text: string): Transcript => ({
    ...{ id: '', about: '', env: {}, stdin: undefined, tty: false, stdout: '', stderr: '', exit: 0, cut: false },
    argv: text.split(' '),
  });
  const repository = 'http://127.0.0.1:8900/examples.git';
  const create = `app create one --repo ${repository} --path settings --dest-namespace conformance --dest-name in-cluster`;
  expect(await server.type(line(create))).toMatchObject({ code: 0, out: "application 'one' created\n" });
  expect(await server.type(line('app list -o name'))).toMatchObject({ out: 'argocd/one\n' });
  expect(await server.ask('GET', '/api/v1/applications/one')).toMatchObject({ metadata: { name: 'one' } });
  await server.close();
});

for (const [file, own] of Object.entries<OwnFile>(ON_OWN_SERVER)) {
  const { files = {}, words = {}, before = {}, otherwise = {}, wording = {}, ours = {} } = own;
  let server: OwnServer;

  describe(`drop-in: ${file}`, () => {
    beforeAll(async () => {
      server = await openOwnServer({ files, words, ...(own.clock ? { clock: own.clock } : {}) });
      await own.setUp?.(server);
    });
    afterAll(() => server.close());

    for (const transcript of transcriptsOf(file)) {
      const line = Number(transcript.id.split(' ')[1]);
      test(`${transcript.id}: ${transcript.argv.join(' ')}`, async () => {
        await before[line]?.(server);
        // A line that comes out otherwise is typed as well: the next ones go on from it.
        const typed = await server.type(transcript);
        if (otherwise[line] !== undefined) return;
        expect(typed.code, typed.err + typed.out).toBe(transcript.exit);
        if (/^Usage:/m.test(transcript.stdout)) return expect(typed.out).toMatch(/^Usage:/m);
        if (transcript.cut) return expect(typed.out).not.toBe('');
        if (wording[line] !== undefined) {
          expect([typed.out === '', typed.err === '']).toEqual([transcript.stdout === '', transcript.stderr === '']);
          return;
        }
        same(typed.out, replacedByForm(transcript.stdout));
        same(typed.err, replacedByForm(transcript.stderr));
      });
    }
  });

  describe(`our own way: ${file}`, () => {
    beforeAll(async () => {
      server = await openOwnServer({ files, words, ...(own.clock ? { clock: own.clock } : {}) });
      await own.setUp?.(server);
    });
    afterAll(() => server.close());

    for (const transcript of transcriptsOf(file)) {
      const line = Number(transcript.id.split(' ')[1]);
      test(`${transcript.id}: ${transcript.argv.join(' ')}`, async () => {
        await before[line]?.(server);
        // In a pipe nobody is asked: what was declined is not typed, what was agreed to says so.
        if (own.agreed && /^n/i.test(transcript.stdin ?? '')) return;
        const agreed = /^y/i.test(transcript.stdin ?? '') ? (own.agreed ?? []) : [];
        const typed = await server.type({ ...transcript, argv: [...transcript.argv, ...agreed] }, 'hawser');
        if (otherwise[line] !== undefined || ours[line] !== undefined) return;
        expect(typed.code !== 0, typed.err + typed.out).toBe(transcript.exit !== 0);
        expect(typed.err + typed.out).not.toMatch(/^ +at /m);
        const isDocument = /-o (json|yaml)/.test(transcript.argv.join(' '));
        if (typed.code !== 0) {
          if (isDocument) expect(typed.out).toMatch(/"error"|^error:/m);
          else expect(typed.err).toMatch(/^error: /m);
        } else if (isDocument && transcript.stdout !== '') {
          same(typed.out.trimEnd(), replacedByForm(transcript.stdout).trimEnd());
        }
      });
    }
  });
}
