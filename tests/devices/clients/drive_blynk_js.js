// Runs the npm blynk-library 0.5.4, unmodified, for a test: prints what happens, does what it reads.
"use strict";

const readline = require("node:readline");
const Blynk = require("../../clients/node_modules/blynk-library");

const [host, port, token] = process.argv.slice(2);
const connector = new Blynk.TcpClient({ addr: host, port: Number(port) });
const client = new Blynk.Blynk(token, { connector, heartbeat: 1000 });

for (let pin = 0; pin < 10; pin += 1) {
  new client.VirtualPin(pin).on("write", (values) => console.log("wrote", pin, ...values));
}
client.on("connect", () => console.log("connected"));
client.on("disconnect", () => console.log("disconnected"));
client.on("error", (reason) => console.log(reason === "INVALID_TOKEN" ? "Invalid auth token" : `error ${reason}`));

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const [word, first, second] = line.split(" ");
  if (word === "write") client.virtualWrite(first, second);
  if (word === "event") client.eventLog(first, second);
  if (word === "sync") client.syncVirtual(first);
});
