// What all parts of the case page share: its data, the words it says, its cards, and the document pane.
import { Viewer } from "../viewer.js";

export const main = document.getElementById("main");
export const words = JSON.parse(main.dataset.words);
export const keys = JSON.parse(main.dataset.keys);
export const acting = main.dataset.acting === "yes";
const live = document.getElementById("live");
export const say = (text) => {
  live.textContent = "";
  requestAnimationFrame(() => {
    live.textContent = text;
  });
};
export const cards = () => [...document.querySelectorAll(".card")];
export const card = (point) => document.getElementById(`card-${point}`);
export const panel = () => document.getElementById(`panel-${viewer.point}`);
export const viewer = new Viewer(Number(main.dataset.case), say);
