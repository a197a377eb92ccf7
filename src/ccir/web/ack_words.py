"""The words of the pages for people who confirm a notice, in each language."""

from __future__ import annotations

from typing import Final

import msgspec

from ccir.domain.acknowledgement import Answer


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One language's words; `taken` and `call` have gaps for what was answered and whom to call."""

    language: str
    answers: dict[Answer, str]
    question: str
    roll_call: str
    emergency: str
    taken: str
    change: str
    call: str
    nobody: str


WORDS: Final = {
    "en": Words(
        language="en",
        answers={
            "read": "I have read it",
            "safe": "I am safe",
            "working": "I am safe and can work",
            "help": "I need help",
        },
        question="Please confirm that you have read this message.",
        roll_call="How are you? Please choose one answer.",
        emergency="In an emergency call the emergency services first.",
        taken="Thank you. Your answer “{answer}” was recorded on {at}.",
        change="You can still change your answer:",
        call="This link has expired. Please call {who}.",
        nobody="This link has expired. Please tell your contact at {who}.",
    ),
    "de": Words(
        language="de",
        answers={
            "read": "Ich habe es gelesen",
            "safe": "Ich bin in Sicherheit",
            "working": "Ich bin in Sicherheit und kann arbeiten",
            "help": "Ich brauche Hilfe",
        },
        question="Bitte bestätigen Sie, dass Sie diese Nachricht gelesen haben.",
        roll_call="Wie geht es Ihnen? Bitte wählen Sie eine Antwort.",
        emergency="Rufen Sie in einem Notfall zuerst den Notruf an.",
        taken="Danke. Ihre Antwort „{answer}“ wurde am {at} festgehalten.",
        change="Sie können Ihre Antwort noch ändern:",
        call="Dieser Link ist abgelaufen. Bitte rufen Sie an: {who}.",
        nobody="Dieser Link ist abgelaufen. Bitte wenden Sie sich an {who}.",
    ),
    "fr": Words(
        language="fr",
        answers={
            "read": "J'ai lu ce message",
            "safe": "Je suis en sécurité",
            "working": "Je suis en sécurité et je peux travailler",
            "help": "J'ai besoin d'aide",
        },
        question="Veuillez confirmer que vous avez lu ce message.",
        roll_call="Comment allez-vous ? Veuillez choisir une réponse.",
        emergency="En cas d'urgence, appelez d'abord les secours.",
        taken="Merci. Votre réponse « {answer} » a été enregistrée le {at}.",
        change="Vous pouvez encore modifier votre réponse :",
        call="Ce lien a expiré. Veuillez appeler {who}.",
        nobody="Ce lien a expiré. Veuillez vous adresser à {who}.",
    ),
    "es": Words(
        language="es",
        answers={
            "read": "Lo he leído",
            "safe": "Estoy a salvo",
            "working": "Estoy a salvo y puedo trabajar",
            "help": "Necesito ayuda",
        },
        question="Confirme que ha leído este mensaje.",
        roll_call="¿Cómo está? Elija una respuesta.",
        emergency="En una emergencia, llame primero a los servicios de emergencia.",
        taken="Gracias. Su respuesta «{answer}» se registró el {at}.",
        change="Todavía puede cambiar su respuesta:",
        call="Este enlace ha caducado. Llame a {who}.",
        nobody="Este enlace ha caducado. Diríjase a {who}.",
    ),
}


def words_in(language: str) -> Words:
    """Return the words of a language tag (`de-AT`), English where there are none."""
    return WORDS.get(language.strip().lower().partition("-")[0], WORDS["en"])


def words_accepted(header: str) -> Words:
    """Return the words that a browser's `Accept-Language` asks for first."""
    return words_in(header.partition(",")[0].partition(";")[0])
