const NEWLINE = 10;

/** The lines of a stream of bytes, the last one also without a line feed; a character cut by a chunk's end stays whole. */
export async function* lines(chunks: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  let waiting: Buffer[] = [];
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      const line = Buffer.concat([...waiting, rest.subarray(0, end)]).toString('utf8');
      waiting = [];
      rest = rest.subarray(end + 1);
      if (line.trim() !== '') yield line;
    }
    if (rest.length > 0) waiting.push(rest);
  }
  const last = Buffer.concat(waiting).toString('utf8');
  if (last.trim() !== '') yield last;
}
