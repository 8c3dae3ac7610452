"use strict";
// Améliorations progressives : tout marche sans ce fichier.

// Menus : Échap ou un clic ailleurs les referme.
document.addEventListener("keydown", (evenement) => {
  if (evenement.key !== "Escape") return;
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});
document.addEventListener("click", (evenement) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(evenement.target)) menu.open = false;
  });
});

// Un état arrivé avec un fragment ne se lit pas à coup sûr (RGAA 7.5) : il se redit dans une zone déjà là,
// et perd son rôle pour ne pas être lu deux fois.
let aDire = [];

function annoncer(etat) {
  etat.removeAttribute("role");
  aDire.push(etat.textContent.trim());
  if (aDire.length > 1) return;
  setTimeout(() => {
    document.getElementById("annonce").textContent = aDire.join(". ");
    aDire = [];
  });
}

document.addEventListener("htmx:afterSettle", ({ target }) => {
  const etat = target.matches("[role='status']") ? target : target.querySelector("[role='status']");
  if (etat) annoncer(etat);
});

// Enregistrement au fil de l’eau : un échec se dit, se réessaie, et ne perd rien.
const DELAI_REESSAI = 10000;
let reessai = null;

function saisie(evenement) {
  const forme = evenement.target;
  return forme instanceof HTMLFormElement && forme.matches("[data-dpd-saisie]") ? forme : null;
}

function direEchec(forme) {
  const etat = document.getElementById("enregistrement");
  if (!etat) return;
  etat.classList.add("enregistre--refus");
  etat.textContent = "Non enregistré, nouvel essai dans 10 s. Votre saisie reste à l’écran.";
  annoncer(etat);
  clearTimeout(reessai);
  reessai = setTimeout(() => forme.dispatchEvent(new Event("change", { bubbles: true })), DELAI_REESSAI);
}

for (const nom of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(nom, (evenement) => {
    const forme = saisie(evenement);
    if (forme) direEchec(forme);
  });
}
document.addEventListener("htmx:afterRequest", (evenement) => {
  if (saisie(evenement) && evenement.detail.successful) clearTimeout(reessai);
});

// Envoyer un formulaire recharge la page : un texte commencé dans un autre partirait avec elle, sauf celui
// qui s’enregistre au fil de l’eau.
const PERDU = "Un autre texte commencé sur cette page n’est pas envoyé : il sera perdu. Continuer ?";

function texteCommenceAilleurs(forme) {
  return [...document.querySelectorAll("main form:not([data-dpd-saisie]) textarea")].some(
    (texte) => texte.form !== forme && texte.value.trim() && texte.value !== texte.defaultValue,
  );
}

// Un bouton d’envoi ne part qu’une fois.
document.addEventListener("submit", (evenement) => {
  const forme = evenement.target;
  if (forme.method !== "post" || evenement.defaultPrevented) return;
  if (texteCommenceAilleurs(forme) && !window.confirm(PERDU)) {
    evenement.preventDefault();
    return;
  }
  if (forme.dataset.dpdEnvoyee) {
    evenement.preventDefault();
    return;
  }
  forme.dataset.dpdEnvoyee = "1";
  setTimeout(() => delete forme.dataset.dpdEnvoyee, 4000); // un téléchargement ne change pas de page
});

// Après un refus, le curseur attend sur la première réponse à reprendre.
document.addEventListener("DOMContentLoaded", () => {
  const fautif = document.querySelector("main form [aria-invalid='true']");
  if (fautif) fautif.focus();
});

// Imprimer : le bouton n’existe que pour qui peut s’en servir.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-dpd-imprimer]").forEach((bouton) => {
    bouton.hidden = false;
    bouton.addEventListener("click", () => window.print());
  });
});

// Un texte prêt à copier reçoit son bouton, si le navigateur donne accès au presse-papiers.
document.addEventListener("DOMContentLoaded", () => {
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-dpd-copiable]").forEach((texte) => {
    const bouton = document.createElement("button");
    const quoi = document.createElement("span");
    const mot = document.createElement("span");
    bouton.type = "button";
    bouton.className = "btn btn-discret copier";
    mot.textContent = "Copier";
    mot.setAttribute("role", "status");
    quoi.className = "visually-hidden";
    quoi.textContent = ` : ${texte.dataset.dpdCopiable}`;
    bouton.append(mot, quoi);
    bouton.addEventListener("click", async () => {
      await navigator.clipboard.writeText(texte.innerText.trim());
      mot.textContent = "Copié";
      setTimeout(() => (mot.textContent = "Copier"), 3000);
    });
    texte.after(bouton);
  });
});
