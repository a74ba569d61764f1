// Prints the public age vectors as one JSON object: name -> file, in base64.
import * as vectors from "cctv-age";

const files = Object.entries(vectors).map(([name, file]) => [
  name,
  Buffer.from(file).toString("base64"),
]);
process.stdout.write(JSON.stringify(Object.fromEntries(files)));
