// The HTTP API of the server that this page came from; /api/openapi.json describes it.

import type { Sentence } from "./sentence";

export interface Country {
  code: string;
  name: string;
  in_sentence: string;
  tariff_pct: number;
}

export interface Sector {
  code: string;
  name: string;
  goods: boolean;
}

export interface Shape {
  path: string;
  dots: [number, number, number][];
  centre: [number, number] | null;
  area: number;
}

export interface World {
  id: string;
  /** What `--world` has to name on the command line. */
  named: string | null;
  title: string;
  year: number;
  unit: string;
  source: string;
  note: string;
  hash: string;
  cobden: string;
  model: string;
  elasticities: string;
  countries: Country[];
  sectors: Sector[];
  map: { width: number; height: number; shapes: Shape[]; unclaimed: string; colours: [string, string, string][] };
}

export interface Outcome {
  country: string;
  welfare_pct: number | null;
  welfare_usd_m: number | null;
  decomposition: Record<string, number> | null;
  [column: string]: unknown;
}

export interface SectorOutcome {
  country: string;
  sector: string;
  output_pct: number | null;
  employment_pct: number | null;
  sales_pct: number | null;
  price_pct: number;
  exports_pct: number | null;
  imports_pct: number | null;
}

/** `[importer][exporter]` in the order of the world. */
export interface Trade {
  before: number[][];
  after: number[][];
}

export interface Reading {
  id: number;
  sentence: Sentence;
  case: string;
  headline: string[];
  solver: { converged: boolean; stop: string };
  countries: Outcome[];
  world_pct: number | null;
  world_usd_m: number | null;
  actors: string[];
  why?: { sentences: (string | null)[]; hangs_on: string[]; sectors: SectorOutcome[]; trade: Trade };
}

/** Where draws lie, real income in per cent. */
export interface Quantiles {
  country: string;
  p5: number;
  p25: number;
  p50: number;
  p75: number;
  p95: number;
  loss_share: number;
}

export interface Band {
  seed: number;
  draws: number;
  failed: number;
  countries: Quantiles[];
  whole: Quantiles | null;
}

export interface Card {
  kind: string;
  who: string | null;
  title: string;
  solver: { converged: boolean; stop: string };
  welfare_pct: (number | null)[];
  would_leave: string[];
  unknown: string[];
}

export interface Cards {
  countries: string[];
  cards: Card[];
}

export interface Preset {
  id: string;
  date: string;
  title: string;
  note: string;
  sentence: Sentence;
  acts: { cite: string | null; url: string | null; title: string }[];
}

/** The server said no, and why. */
export class Refused extends Error {}

/** Names this page to the server, which answers only the newest request of each page. */
const page = Math.random().toString(36).slice(2);

async function document<T>(response: Response): Promise<T> {
  const body = await response.json();
  if (!response.ok) throw new Refused(said(body) || response.statusText);
  return body as T;
}

export const world = async () => document<World>(await fetch("/api/world"));
export const presets = async () => document<Preset[]>(await fetch("/api/presets"));

function said(body: { error?: { message: string; help?: string } }): string {
  return [body.error?.message, body.error?.help].filter(Boolean).join(": ");
}

/** What a request is for: the newest of each purpose wins. */
export type Purpose = "" | ".pinned";

/** `null` if a newer request has overtaken this one. */
export async function solve(sentence: Sentence, id: number, why: boolean, purpose: Purpose = ""): Promise<Reading | null> {
  const response = await fetch("/api/solve", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ page: page + purpose, id, sentence, why }),
  });
  return response.status === 409 ? null : document<Reading>(response);
}

export function studyAddress(sentence: Sentence): string {
  return `/api/study?sentence=${encodeURIComponent(JSON.stringify(sentence))}`;
}

export interface Told<P, T> {
  progress: (step: P) => void;
  done: (document: T) => void;
  failed: (why: string) => void;
}

/** Listens to what takes a while; the function it returns calls that off. */
function listen<P, T>(route: string, end: string, sentence: Sentence, purpose: Purpose, told: Told<P, T>): () => void {
  const query = new URLSearchParams({ sentence: JSON.stringify(sentence), page: page + purpose });
  const events = new EventSource(`/api/${route}?${query}`);
  const close = () => events.close();
  events.addEventListener("progress", (event) => told.progress(JSON.parse(event.data)));
  events.addEventListener(end, (event) => {
    close();
    told.done(JSON.parse(event.data));
  });
  events.addEventListener("failure", (event) => {
    close();
    told.failed(said(JSON.parse(event.data)) || "no answer");
  });
  events.onerror = () => {
    close();
    told.failed("the server does not answer");
  };
  return close;
}

/** Plays the cards. */
export const cards = (sentence: Sentence, told: Told<{ done: number; steps: number; name: string }, Cards>) =>
  listen("strategy", "cards", sentence, "", told);

/** Draws the band. */
export const band = (sentence: Sentence, purpose: Purpose, told: Told<{ done: number; draws: number }, Band>) =>
  listen("band", "band", sentence, purpose, told);
