// Lights up the words of an event when its card is pointed at or reached by the keyboard, and its
// card when its words are. Without this the links between them do the same.

const pieces = [...document.querySelectorAll("mark[data-events]")];
const cards = new Map(
  [...document.querySelectorAll("[data-event]")].map((card) => [card.dataset.event, card]),
);

function eventsOf(piece) {
  return piece.dataset.events.split(" ").filter(Boolean);
}

function light(numbers) {
  const lit = new Set(numbers);
  for (const piece of pieces) {
    piece.classList.toggle("lit", eventsOf(piece).some((number) => lit.has(number)));
  }
  for (const [number, card] of cards) {
    card.classList.toggle("lit", lit.has(number));
  }
}

for (const [number, card] of cards) {
  for (const kind of ["pointerenter", "focusin"]) {
    card.addEventListener(kind, () => light([number]));
  }
  for (const kind of ["pointerleave", "focusout"]) {
    card.addEventListener(kind, () => light([]));
  }
}

for (const piece of pieces) {
  const target = piece.closest("a") ?? piece;
  for (const kind of ["pointerenter", "focus"]) {
    target.addEventListener(kind, () => light(eventsOf(piece)));
  }
  for (const kind of ["pointerleave", "blur"]) {
    target.addEventListener(kind, () => light([]));
  }
}

// Come from a table, the event that was chosen there is in view.
if (!window.location.hash) {
  document.querySelector(".event-card[aria-current]")?.scrollIntoView({ block: "center" });
}
