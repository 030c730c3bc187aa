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
  title: string;
  year: number;
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
  why?: {
    sentences: (string | null)[];
    sectors: { country: string; sector: string; output_pct: number | null; price_pct: number }[];
    trade: { importer: string; exporter: string; change: number; change_pct: number | null }[];
  };
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

/** `null` if a newer request has overtaken this one. */
export async function solve(sentence: Sentence, id: number, why: boolean): Promise<Reading | null> {
  const response = await fetch("/api/solve", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ page, id, sentence, why }),
  });
  return response.status === 409 ? null : document<Reading>(response);
}

export function studyAddress(sentence: Sentence): string {
  return `/api/study?sentence=${encodeURIComponent(JSON.stringify(sentence))}`;
}

/** Plays the cards; the function it returns calls that off. */
export function cards(
  sentence: Sentence,
  told: { progress: (done: number, steps: number, name: string) => void; done: (cards: Cards) => void; failed: (why: string) => void },
): () => void {
  const query = new URLSearchParams({ sentence: JSON.stringify(sentence), page });
  const events = new EventSource(`/api/strategy?${query}`);
  const end = () => events.close();
  events.addEventListener("progress", (event) => {
    const step = JSON.parse(event.data);
    told.progress(step.done, step.steps, step.name);
  });
  events.addEventListener("cards", (event) => {
    end();
    told.done(JSON.parse(event.data));
  });
  events.addEventListener("failure", (event) => {
    end();
    told.failed(said(JSON.parse(event.data)) || "no answer");
  });
  events.onerror = () => {
    end();
    told.failed("the server does not answer");
  };
  return end;
}
