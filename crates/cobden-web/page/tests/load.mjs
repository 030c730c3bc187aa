// The server under load: fifty clients that ask without pause. `node tests/load.mjs COBDEN [SECONDS]`. Every answer has to be right, the memory flat,
// and Ctrl-C has to end it at once, in the middle of answers.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, get, request } from "node:http";

const [command, seconds = "30"] = process.argv.slice(2);
const CLIENTS = 50;
const RATES = [4, 8, 12, 16, 20, 30];
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
const server = spawn(command, ["serve", "--port", "0"]);
const address = await new Promise((done) => server.stdout.on("data", (text) => {
  const found = /http:\/\/[\d.:]+/.exec(String(text));
  if (found) done(found[0]);
}));

const sentence = (rate) => ({ initiator: "USA", rate_pct: rate, targets: ["*"], goods: ["*"], coalition: ["CHN"] });

function solve(page, id, rate, why = false) {
  const body = JSON.stringify({ page, id, sentence: sentence(rate), why });
  return new Promise((done, failed) => {
    const asked = request(`${address}/api/solve`, { method: "POST", agent, headers: { "content-type": "application/json" } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part)).on("error", failed);
      answer.on("end", () => (answer.statusCode === 200 ? done(JSON.parse(text)) : failed(new Error(`${answer.statusCode} ${text}`))));
    });
    asked.on("error", failed).end(body);
  });
}

/** Begins a band and leaves after its first words. */
function glance(page, rate) {
  const query = new URLSearchParams({ page, draws: "1000", sentence: JSON.stringify(sentence(rate)) });
  return new Promise((done, failed) => {
    const asked = get(`${address}/api/band?${query}`, (answer) => {
      answer.once("data", () => (answer.destroy(), done()));
      answer.on("error", () => done());
    });
    asked.on("error", failed);
  });
}

/** Memory of the server, MB. */
const memory = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]) / 1000;
const welfare = (answer) => answer.countries.map((country) => country.welfare_pct);

const right = new Map();
for (const rate of RATES) right.set(rate, welfare(await solve("before", rate, rate)));

const waits = [];
let glances = 0;
async function client(n, until) {
  for (let step = 0; Date.now() < until; step++) {
    const rate = RATES[(n + step) % RATES.length];
    // Among them two that look at bands and go.
    if (n < 2) {
      await glance(`glance ${n}`, rate);
      glances += 1;
      await new Promise((done) => setTimeout(done, 250));
      continue;
    }
    const begun = performance.now();
    const answer = await solve(`client ${n}`, step, rate, step % 50 === 49);
    waits.push(performance.now() - begun);
    assert.equal(answer.id, step);
    assert.equal(answer.solver.converged, true);
    // Each answer starts from whatever the last one was: equal to the solver's tolerance.
    welfare(answer).forEach((value, at) => assert.ok(Math.abs(value - right.get(rate)[at]) < 1e-6, `${rate}: ${value}`));
  }
}

const all = (time) => Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(n, Date.now() + 1000 * time)));
// All connections, buffers and threads are there before the memory is read.
await all(Math.min(5, Number(seconds) / 3));
const [before, warm] = [memory(), waits.length];
await all(Number(seconds));
const after = memory();
const later = waits.slice(warm).sort((a, b) => a - b);
console.log(`ok   ${later.length} answers to ${CLIENTS} clients in ${seconds} s, none wrong, ${glances} bands left; median ${later[later.length >> 1].toFixed(0)} ms, slowest ${later.at(-1).toFixed(0)} ms`);
console.log(`     memory ${before.toFixed(1)} MB before, ${after.toFixed(1)} MB after`);
assert.ok(later.length > 100);
assert.ok(after < before + 8, "the memory grew");

// Ctrl-C in the middle of fifty answers.
const broken = Array.from({ length: CLIENTS }, (_, n) => solve(`last ${n}`, 1, 25, true).catch(() => "broken off"));
await new Promise((done) => setTimeout(done, 20));
const ends = new Promise((done) => server.on("exit", done));
const begun = performance.now();
server.kill("SIGINT");
await ends;
const took = performance.now() - begun;
await Promise.all(broken);
console.log(`     Ctrl-C ended it after ${took.toFixed(0)} ms`);
assert.ok(took < 500);
agent.destroy();
