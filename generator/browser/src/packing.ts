// Unpacks what was packed before it was sealed: gzip, with padding in its header.

/** The bytes as they were; rejects with a TypeError where they are damaged or no gzip. */
export async function unpack(packed: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
