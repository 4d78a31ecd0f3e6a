// Keeps the page current, so that a rollout can be watched. Without it the page is complete, as of when it was loaded.
"use strict";

const seconds = 2;
const live = document.querySelector("[data-live]");
const words = {
  "cache.role": { slave: "replica", master: "primary" },
  "task.broker": { eager: "none needed", untried: "not asked yet" },
};
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

function ago(time) {
  const passed = Math.max(0, Math.round((Date.now() - new Date(time)) / 1000));
  if (passed < 1) return "now";
  if (passed < 60) return relative.format(-passed, "second");
  if (passed < 3600) return relative.format(-Math.round(passed / 60), "minute");
  return relative.format(-Math.round(passed / 3600), "hour");
}

function shown(path, value) {
  if (value === null || value === undefined) return null;
  if (path.endsWith("_at")) return ago(value);
  if (path === "cache.run_id") return value.slice(0, 12);
  if (typeof value === "number") return value.toLocaleString("en");
  return words[path]?.[value] ?? String(value);
}

function show(facts) {
  for (const element of document.querySelectorAll("[data-fact]")) {
    const path = element.dataset.fact;
    const value = path.split(".").reduce((part, key) => part?.[key], facts);
    const text = shown(path, value);
    if (text !== null) element.textContent = text;
    if (text !== null && element.localName === "time") element.dateTime = value;
  }
  const states = {
    database: facts.database.rows === null ? "down" : "up",
    cache: facts.cache.role === null ? "down" : "up",
    task: facts.task.broker === "unavailable" ? "down" : facts.task.result === null ? "waiting" : "up",
    beat: facts.beat.last_fired_at === null ? "waiting" : "up",
    scheduled: facts.scheduled.finished_at === null ? "waiting" : "up",
  };
  const unavailable = { database: "database.rows", cache: "cache.value" };
  for (const [part, state] of Object.entries(states)) {
    document.querySelector(`[data-part="${part}"]`).dataset.state = state;
    if (state === "down" && unavailable[part]) {
      document.querySelector(`[data-fact="${unavailable[part]}"]`).textContent = "unavailable";
    }
  }
  document.body.dataset.colour = facts.release.colour;
  document.title = `${facts.release.colour} ${facts.release.version} · Django on Kubernetes`;
}

async function refresh() {
  try {
    const response = await fetch("/api/status", { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!response.ok) throw new Error(`answer ${response.status}`);
    show(await response.json());
    live.textContent = `Live, every ${seconds} seconds`;
  } catch (error) {
    live.textContent = `No answer (${error.message}), trying again`;
  }
}

document.querySelector("[data-record]").addEventListener("submit", async (event) => {
  event.preventDefault();
  await fetch(event.target.action, { method: "POST" });
  await refresh();
});

// One websocket for as long as the page is open: that it stays open shows that nothing on the way cuts it.
function openWebsocket() {
  const part = document.querySelector('[data-part="websocket"]');
  if (part === null) return;
  const field = (name) => part.querySelector(`[data-websocket="${name}"]`);
  const socket = new WebSocket(new URL("/ws/echo", location.href.replace(/^http/, "ws")));
  const say = () => socket.readyState === WebSocket.OPEN && socket.send(String(performance.now()));
  const opened = new Date();
  const timer = setInterval(say, seconds * 1000);
  socket.addEventListener("open", say);
  socket.addEventListener("message", (event) => {
    const { echo, pod } = JSON.parse(event.data);
    part.dataset.state = "up";
    field("time").textContent = `echo in ${(performance.now() - Number(echo)).toFixed(1)} ms`;
    field("pod").textContent = pod;
    field("since").textContent = ago(opened);
  });
  socket.addEventListener("close", () => {
    clearInterval(timer);
    part.dataset.state = "down";
    field("time").textContent = "closed, opening it again";
    setTimeout(openWebsocket, seconds * 1000);
  });
}

openWebsocket();

// A page that nobody looks at asks for nothing.
setInterval(() => document.hidden || refresh(), seconds * 1000);
live.textContent = `Live, every ${seconds} seconds`;
