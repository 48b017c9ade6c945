// What is drawn so far of a video plays while the rest is drawn: each longer one goes on where the
// shorter one ended. The same as in a notebook's card (labextension/src/stage.ts).

const CAPTION = "What is drawn so far";

export class LiveView {
  #place;
  #fetch;
  #isFetching = false;
  #isStale = false;      // a longer one is there than was fetched
  #next = null;          // the longest that was fetched and is not shown yet
  #video = null;
  #caption = document.createElement("p");
  #isOver = false;

  // `fetch` returns a promise of the longest video that is there, as a Blob.
  constructor(place, fetch) {
    this.#place = place;
    this.#fetch = fetch;
    this.#caption.className = "faint";
    this.#caption.textContent = CAPTION;
  }

  // A longer one is there. One fetch at a time: the last one counts.
  async grow() {
    this.#isStale = true;
    if (this.#isFetching) return;
    this.#isFetching = true;
    while (this.#isStale && !this.#isOver) {
      this.#isStale = false;
      try {
        this.#take(await this.#fetch());
      } catch { /* the task has ended; the finished video follows */ }
    }
    this.#isFetching = false;
  }

  dispose() {
    this.#isOver = true;
    this.#next = null;
    if (this.#video) {
      URL.revokeObjectURL(this.#video.src);
      this.#video.remove();
    }
    this.#caption.remove();
  }

  #take(blob) {
    if (this.#isOver) return;
    this.#next = blob;
    if (!this.#video || this.#video.ended) this.#playOn();
  }

  #playOn() {
    if (!this.#next || this.#isOver) return;
    const before = this.#video;
    const video = document.createElement("video");
    Object.assign(video, { muted: true, playsInline: true, ariaLabel: "What is finished of the animation" });
    video.src = URL.createObjectURL(this.#next);
    this.#next = null;
    this.#video = video;
    video.addEventListener("ended", () => this.#playOn());
    video.addEventListener("loadeddata", () => {
      if (this.#isOver || this.#video !== video) return;
      const at = before?.currentTime ?? 0;
      if (video.duration <= at) {
        this.#video = before;  // it is drawn anew, and has not come so far yet
        URL.revokeObjectURL(video.src);
        return;
      }
      video.currentTime = at;
      this.#place.replaceChildren(video, this.#caption);
      if (before) URL.revokeObjectURL(before.src);
      if (!matchMedia("(prefers-reduced-motion: reduce)").matches) video.play().catch(() => undefined);
    });
  }
}
