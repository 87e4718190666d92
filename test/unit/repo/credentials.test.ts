import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withCredentials } from '../../../src/repo/git/credentials.ts';

const run = promisify(execFile);
const URL = 'https://example.com/team/repo.git';
let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'hawser-credentials-'));
});
afterEach(() => rm(scratch, { recursive: true }));

describe('credentials for git', () => {
  test('answer what git asks, by a script that holds no secret', async () => {
    const credentials = { username: 'ada', password: "it's $HOME" };
    await withCredentials({ url: URL, credentials }, scratch, async (environment) => {
      const script = environment['GIT_ASKPASS'] ?? '';
      expect(await readFile(script, 'utf8')).not.toContain('HOME"');
      const ask = async (prompt: string) => (await run(script, [prompt], { env: environment })).stdout;
      expect(await ask("Username for 'https://example.com': ")).toBe('ada\n');
      expect(await ask("Password for 'https://ada@example.com': ")).toBe("it's $HOME\n");
    });
    expect(await readdir(scratch)).toEqual([]);
  });

  test.each([
    ["Username for 'http://evil.example': ", URL],
    ["Password for 'https://ada@evil.example': ", URL],
    ["Password for 'https://example.com@evil.example': ", URL],
    ["Password for 'http://ada@example.com': ", URL],
    ["Password for 'https://ada@example.com:8443': ", URL],
    ["Username for 'http://127.0.0.1:2': ", 'http://127.0.0.1:1/x.git'],
  ])('go nowhere else: %s', async (prompt, url) => {
    await withCredentials(
      { url, credentials: { username: 'ada', password: 'secret' } },
      scratch,
      async (environment) => {
        const script = environment['GIT_ASKPASS'] ?? '';
        await expect(run(script, [prompt], { env: environment })).rejects.toMatchObject({ code: 1, stdout: '' });
      },
    );
  });

  test('follow a host from HTTP to HTTPS', async () => {
    const credentials = { username: 'ada', password: 'secret' };
    await withCredentials({ url: 'http://example.com/x', credentials }, scratch, async (environment) => {
      const script = environment['GIT_ASKPASS'] ?? '';
      const { stdout } = await run(script, ["Password for 'https://ada@example.com': "], { env: environment });
      expect(stdout).toBe('secret\n');
    });
  });

  test('keep a key in a file of its owner, gone afterwards', async () => {
    await withCredentials(
      { url: URL, credentials: { sshPrivateKey: 'KEY', sshKnownHosts: 'host key' } },
      scratch,
      async (environment) => {
        const command = environment['GIT_SSH_COMMAND'] ?? '';
        const key = /-i '([^']+)'/.exec(command)?.[1] ?? '';
        expect(await readFile(key, 'utf8')).toBe('KEY\n');
        expect((await stat(key)).mode & 0o777).toBe(0o600);
        expect(command).toContain('IdentitiesOnly=yes');
        expect(command).toContain('StrictHostKeyChecking=yes');
      },
    );
    expect(await readdir(scratch)).toEqual([]);
  });

  test('are gone after a failure, too', async () => {
    const failing = withCredentials({ url: URL, credentials: { password: 'x' } }, scratch, async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await readdir(scratch)).toEqual([]);
  });

  test('reach git as settings of its environment', async () => {
    const credentials = { bearerToken: 'token-1', insecure: true, proxy: 'http://proxy:3128' };
    await withCredentials({ url: URL, credentials }, scratch, async (environment) => {
      const env = { PATH: process.env['PATH'], ...environment };
      const setting = async (name: string) => (await run('git', ['config', name], { env })).stdout.trim();
      expect(await setting('http.extraHeader')).toBe('Authorization: Bearer token-1');
      expect(await setting('http.sslVerify')).toBe('false');
      expect(await setting('http.proxy')).toBe('http://proxy:3128');
    });
  });
});
