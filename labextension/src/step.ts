// Two videos side by side in step: what one is told, the other does, too.

const APART_S = 0.2;

/** Play two videos together from now on; returns how to leave each to itself again. */
export function playInStep(pair: [HTMLVideoElement, HTMLVideoElement]): () => void {
  const undo = [watch(pair[0], pair[1]), watch(pair[1], pair[0])];
  for (const video of pair) {
    video.loop = false;
  }
  return () => {
    undo.forEach(act => act());
    for (const video of pair) {
      video.loop = true;
    }
  };
}

function watch(video: HTMLVideoElement, other: HTMLVideoElement): () => void {
  const align = () => {
    const at = Math.min(video.currentTime, other.duration || Infinity);
    if (Math.abs(other.currentTime - at) > APART_S) {
      other.currentTime = at;
    }
  };
  const acts: Record<string, () => void> = {
    play: () => {
      if (other.ended && !video.ended && video.currentTime < APART_S) {
        other.currentTime = 0;
      }
      if (other.paused && !other.ended) {
        void other.play().catch(() => undefined);
      }
    },
    pause: () => {
      // One that is at its end waits there for the other.
      if (!video.ended && !other.paused) {
        other.pause();
        align();
      }
    },
    seeked: align,
    ratechange: () => {
      other.playbackRate = video.playbackRate;
    },
    ended: () => {
      if (other.ended || other.paused) {
        video.currentTime = other.currentTime = 0;
        void video.play().catch(() => undefined);
      }
    }
  };
  for (const [name, act] of Object.entries(acts)) {
    video.addEventListener(name, act);
  }
  return () => Object.entries(acts).forEach(([name, act]) => video.removeEventListener(name, act));
}
