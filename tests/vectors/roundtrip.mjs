// Encrypts or decrypts with npm age-encryption: a list of jobs on stdin, a list of results on
// stdout, both as JSON, all bytes in base64. A job is
//   {do: "encrypt", plaintext, recipients: [], passphrase?, workFactor?}   -> {file}
//   {do: "decrypt", file, identities: [], passphrase?}                     -> {plaintext}
// and either may give {error} instead.
import { Decrypter, Encrypter } from "age-encryption";

const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const text = (data) => Buffer.from(data).toString("base64");

async function encrypt(job) {
  const encrypter = new Encrypter();
  if (job.passphrase !== undefined) {
    encrypter.setPassphrase(job.passphrase);
    encrypter.setScryptWorkFactor(job.workFactor);
  }
  for (const recipient of job.recipients) encrypter.addRecipient(recipient);
  return { file: text(await encrypter.encrypt(bytes(job.plaintext))) };
}

async function decrypt(job) {
  const decrypter = new Decrypter();
  if (job.passphrase !== undefined) decrypter.addPassphrase(job.passphrase);
  for (const identity of job.identities) decrypter.addIdentity(identity);
  return { plaintext: text(await decrypter.decrypt(bytes(job.file))) };
}

async function run(job) {
  try {
    return await (job.do === "encrypt" ? encrypt(job) : decrypt(job));
  } catch (error) {
    return { error: error.message };
  }
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const jobs = JSON.parse(Buffer.concat(chunks).toString("utf8"));
process.stdout.write(JSON.stringify(await Promise.all(jobs.map(run))));
