import type { WordTable } from '../concepts.ts';

export const FRENCH: WordTable = {
  override:
    'ignore, ignorez, ignorer, oublie, oubliez, oublier, neglige*, contourne*, outrepasse*, ne tiens pas compte, ne tenez pas compte, faites abstraction, fais abstraction, annule, annulez',
  prior:
    'recues, donnees, jusqu ici, jusqu a present, ce qui precede, precedent*, anterieur*, toutes, tous, tout, ci dessus, initial*, existant*, prealable*, ulterieures, avant',
  rules:
    'ce qui precede, limites, restrictions, demande, question, instructions, consignes, regles, directives, ordres, contraintes, recommandations, taches',
  model:
    'modeles d ia, modeles ia, ias, ia, modele de langage, modeles de langage, intelligence artificielle, agent ia, agents ia, assistant ia, assistants ia, llm, modele d ia',
  agent: 'assistant, assistants, assistante, agent, agents, modele, modeles, robot, robots',
  send: 'donne, donnez, envoie, envoyez, envoyer, transferez, transfere, transferer, affiche, affichez, afficher, revele, revelez, reveler, publie, publiez, publier, telecharge*, telever*, copie, copiez, partage, partagez, divulgue*, imprime*, montre, montrez, transmets, transmettez, transmettre, exporte*, joins, joignez, poste, postez, communique*',
  act: 'note, notez, classe, classez, ignore, execute*, lance, lancez, lancer, utilise*, lis, lisez, ouvre, ouvrez, appelle, appelez, reponds, repondez, repondre, ecris, ecrivez, installe*, visite*, clique*, ajoute*, modifie*, cree, creez, dis, dites, recommande*, approuve*, valide*, considere*, procede*, effectue*, consulte*',
  harm: 'supprime*, efface*, desactive*, detruis*, retire*, vide, videz, coupe*',
  secret: 'mot de passe, mots de passe, cle, cles, identifiants, secret, secrets, jeton*, variables d environnement, cle api, cles api',
  data: 'conversation, courriels, fichiers, fichier, contenu, messages, contacts, pieces jointes, historique',
  user: 'utilisateur, utilisateurs, utilisatrice, lecteur, usager',
  tell: 'cachez, dissimule, dissimulez, dis, dire, dites, mentionne*, informe*, informer, previens, prevenez, signale*, revele*, parle*, avertis*, avertir',
  not: 'cachez, dissimule, dissimulez, rien, ne, pas, jamais, sans, aucun, aucune',
  approved: 'd accord, approuve, autorise, valide, accepte, consenti, donne son accord, autorisation',
  confirm: 'confirmation, demander, autorisation, demandez, accord, confirmer',
  prompt:
    'invite systeme, prompt systeme, message systeme, instructions systeme, instructions internes, consignes internes, instructions cachees',
  notice: 'note, attention, important, cher, chere, chers, a l attention, pour, message, remarque, avis, bonjour, aux, destine',
  memory: 'memoire, memorise*, retiens, futures sessions, sessions futures, desormais',
  now: 'a partir de maintenant, desormais, dorenavant, tu es maintenant, vous etes maintenant, tu es desormais, vous etes desormais, fais comme si',
  task: 'ta tache, votre tache, nouvelle tache, nouvel objectif, nouvelle mission, votre mission, ta mission, nouvelles instructions',
  when: 'quand, lorsque, des que, si, avant, chaque fois, la prochaine fois',
  must: 'dois, devez, doit, doivent, veuillez, merci de, faut, obligatoire, prie',
  you: 'tu, vous',
  your: 'tes, vos, votre, ton, ta',
  guard: 'securite, protection, pare feu, bac a sable, sauvegarde*',
  urgent: 'urgent, immediatement, obligatoire, sinon, imperativement, d abord',
  discuss: 'attaque, attaques, attaquant*, exemple, malveillant*, chercheurs, injection, menace*, phrase, phrases, detecteur',
  reads: 'lis, lisez, lit, resume*, resumez, traite*, analyse*, consulte*',
  first: 'je, nous, j',
};

export const SPANISH: WordTable = {
  override:
    'ignora, ignore, ignorar, olvida, olvide, olvidate, omite, omita, descarta, descarte, anula, anule, haz caso omiso, haga caso omiso, no sigas, pasa por alto',
  prior:
    'recibidas, dadas, hasta ahora, lo anterior, anteriores, anterior, previas, previos, previa, todas, todos, todo, arriba, existentes, originales, antes',
  rules:
    'lo anterior, limites, limitaciones, peticion, pregunta, instrucciones, reglas, indicaciones, directrices, ordenes, normas, restricciones, directivas',
  model:
    'modelos de ia, ias, ia, modelo de lenguaje, modelos de lenguaje, inteligencia artificial, agente de ia, agentes de ia, asistente de ia, asistentes de ia, agentes automaticos, agente automatico, modelo de ia',
  agent: 'asistente, asistentes, agente, agentes, modelo, modelos, bot, robot',
  send: 'envia, envie, enviar, manda, mande, muestra, muestre, mostrar, revela, revele, revelar, publica, publique, sube, suba, imprime, imprima, comparte, comparta, copia, copie, reenvia, reenvie, exporta, exporte, adjunta, adjunte, transfiere, transfiera, incluye, incluya',
  act: 'califica, valora, puntua, omite, clasifica, ejecuta, ejecute, ejecutar, usa, use, lee, lea, abre, abra, llama, llame, responde, responda, escribe, escriba, instala, instale, visita, visite, anade, agrega, agregue, cambia, cambie, crea, cree, di, diga, recomienda, recomiende, aprueba, apruebe, haz, haga, considera, procede, proceda, descarga, descargue, accede, acceda',
  harm: 'borra, borre, borrar, elimina, elimine, eliminar, desactiva, desactive, desactivar, destruye, drop table',
  secret: 'contrasena*, clave*, credencial*, secreto*, token, tokens, variables de entorno, llave*',
  data: 'conversacion, archivo, archivos, contenido, mensajes, correos, contactos, historial, base de datos, carpeta',
  user: 'usuario, usuarios, usuaria, cliente, clientes, lector',
  tell: 'oculta, oculte, escondas, mencionar, decirselo, digas, diga, decir, menciones, mencione, informes, informe, informar, avises, avise, reveles, cuentes, cuente, notifiques, notifique, decirle, avisar',
  not: 'oculta, oculte, escondas, nada, no, nunca, sin, jamas, ningun',
  approved: 'autorizado, aprobado, confirmado, permitido, consentido, aceptado, autorizacion, permiso',
  confirm: 'confirmacion, preguntar, preguntes, pidas, pida, permiso, aprobacion, consultar, autorizacion',
  prompt:
    'mensaje de sistema, prompt de sistema, prompt del sistema, mensaje del sistema, instrucciones del sistema, instrucciones internas, instrucciones ocultas, indicaciones del sistema',
  notice: 'nota, atencion, importante, para, aviso, estimado, querido, hola, oye, mensaje, recordatorio, a los, al',
  memory: 'memoria, recuerda, recuerde, memoriza, sesiones futuras, futuras sesiones, futuras conversaciones',
  now: 'a partir de ahora, desde ahora, de ahora en adelante, ahora eres, eres ahora, actua como, actue como',
  task: 'tu tarea, nueva tarea, su tarea, tu objetivo, nuevo objetivo, tu mision, nuevas instrucciones',
  when: 'cuando, siempre que, si, antes, la proxima vez, cada vez',
  must: 'debes, debe, deben, tienes que, tiene que, por favor, obligatorio, hay que, deberas',
  you: 'tu, usted',
  your: 'tus, sus',
  guard: 'seguridad, proteccion, cortafuegos, copias, respaldo*, permisos',
  urgent: 'urgente, inmediatamente, obligatorio, de lo contrario, primero, solo',
  discuss:
    'ataque, ataques, atacante*, ejemplo, malicios*, investigadores, inyeccion, amenaza*, frase, frases, ocultos, advierten, expertos, parche',
  reads: 'lees, lea, lee, resume, resumes, procesa, analiza',
  first: 'yo, nosotros',
};

export const PORTUGUESE: WordTable = {
  override: 'ignore, ignora, ignorar, esqueca, esquece, desconsidere, desconsidera, descarte, anule, substitua, nao siga',
  prior: 'recebidas, dadas, ate agora, o anterior, anteriores, anterior, previas, todas, todos, tudo, acima, existentes, originais, antes',
  rules:
    'limites, limitacoes, o que foi dito, pedido, instrucoes, regras, orientacoes, diretrizes, ordens, comandos, restricoes, diretivas, pedidas',
  model:
    'modelos de ia, ias, ia, modelo de linguagem, modelos de linguagem, inteligencia artificial, agente de ia, agentes de ia, assistente de ia, assistentes de ia, modelo de ia',
  agent: 'assistente, assistentes, agente, agentes, modelo, modelos, robo',
  send: 'envie, envia, enviar, mande, manda, mostre, mostra, revele, revela, publique, imprima, compartilhe, copie, encaminhe, exporte, anexe, transfira, exiba, inclua, divulgue, partilhe',
  act: 'recomendar, avalie, classifique, omita, execute, executa, executar, use, leia, le, abra, abre, chame, responda, responde, escreva, instale, visite, adicione, altere, crie, diga, recomende, aprove, faca, considere, prossiga, baixe, acesse',
  harm: 'apague, apaga, apagar, exclua, exclui, excluir, elimine, desative, desativa, desativar, remova, delete',
  secret: 'senha*, chave*, credenciais, segredo*, token, tokens, variaveis de ambiente, palavra passe',
  data: 'conversa, arquivo, arquivos, ficheiro*, conteudo, mensagens, contatos, historico, e mails',
  user: 'usuario, usuarios, utilizador*, cliente, clientes, leitor',
  tell: 'esconda, oculte, mencionar, contar, diga, conte, conta, mencione, informe, informar, avise, avisar, revele, fale, notifique, comente',
  not: 'esconda, oculte, nada, nao, nunca, sem, jamais, nenhum',
  approved: 'autorizou, aprovou, autorizado, aprovado, confirmado, permitido, consentiu, autorizacao, permissao',
  confirm: 'confirmacao, perguntar, pergunte, peca, permissao, aprovacao, autorizacao, pedir',
  prompt:
    'prompt do sistema, prompt de sistema, mensagem do sistema, instrucoes do sistema, regras do sistema, instrucoes internas, instrucoes ocultas',
  notice: 'nota, atencao, importante, para, aviso, prezado, caro, ola, ei, oi, mensagem, ao, aos',
  memory: 'memoria, lembre, memorize, sessoes futuras, futuras sessoes, futuras conversas, guarde',
  now: 'a partir de agora, de agora em diante, agora voce e, voce e agora, aja como, finja',
  task: 'sua tarefa, nova tarefa, tua tarefa, seu objetivo, novo objetivo, novas instrucoes, sua missao',
  when: 'quando, sempre que, se, antes, da proxima vez, toda vez',
  must: 'deve, devem, deves, por favor, precisa, tem que, obrigatorio',
  you: 'voce, voces',
  your: 'suas, seus, tuas, sua',
  guard: 'seguranca, protecao, firewall, copias',
  urgent: 'urgente, imediatamente, obrigatorio, caso contrario, somente, apenas, primeiro',
  discuss: 'ataque, ataques, atacante*, exemplo, malicios*, pesquisadores, injecao, ameaca*, frase, frases',
  reads: 'ler, leia, resumir, resuma, processar',
  first: 'eu, nos',
};

export const ITALIAN: WordTable = {
  override:
    'ignora, ignorate, ignori, ignorare, dimentica, dimenticate, dimentichi, trascura, scarta, annulla, aggira, non seguire, non tenere conto',
  prior:
    'ricevute, ricevuti, finora, fornite, quanto sopra, precedenti, precedente, tutte, tutti, tutto, sopra, esistenti, originali, prima',
  rules:
    'limiti, limitazioni, quanto sopra, richiesta, istruzioni, regole, indicazioni, direttive, ordini, comandi, linee guida, restrizioni, disposizioni',
  model:
    'modelli di ia, modello di ia, un intelligenza artificiale, ia, intelligenza artificiale, modello linguistico, modelli linguistici, agente ia, agenti ia, assistente ia, assistenti ia, agente ai, assistente ai, modelli di linguaggio',
  agent: 'assistente, assistenti, agente, agenti, modello, modelli',
  send: 'invia, inviate, invii, inviare, manda, mandate, mostra, mostrate, mostri, rivela, rivelate, riveli, pubblica, stampa, condividi, copia, inoltra, esporta, allega, trasferisci, carica, includi, bonifica',
  act: 'valuta, classifica, ometti, esegui, eseguite, esegua, eseguire, usa, usate, leggi, leggete, legga, apri, aprite, chiama, rispondi, rispondete, risponda, scrivi, installa, visita, aggiungi, modifica, crea, di, dite, raccomanda, consiglia, approva, fai, considera, procedi, scarica, avvia',
  harm: 'cancella, cancellate, elimina, eliminate, elimini, disattiva, disattivate, disabilita, rimuovi, distruggi',
  secret: 'password, chiave, chiavi, credenziali, segreto, segreti, token, variabili d ambiente, parola d ordine',
  data: 'conversazione, file, contenuto, messaggi, contatti, cartella, allegati, cronologia',
  user: 'utente, utenti, cliente, clienti, lettore',
  tell: 'nascondi, nascondere, avvisare, avvertire, dire, dica, dirlo, menzionare, menziona, informare, informa, avvisare, avvisa, rivelare, comunicare, parlare',
  not: 'nascondi, nascondere, niente, non, mai, senza, nessun, nessuna',
  approved: 'autorizzato, approvato, confermato, permesso, acconsentito, accettato, autorizzazione',
  confirm: 'conferma, chiedere, chiedi, permesso, approvazione, autorizzazione',
  prompt: 'prompt di sistema, messaggio di sistema, istruzioni di sistema, istruzioni interne, istruzioni nascoste',
  notice: 'nota, attenzione, importante, per, avviso, caro, gentile, ciao, ehi, messaggio, agli, al, ai',
  memory: 'memoria, ricorda, ricordati, memorizza, sessioni future, future sessioni',
  now: 'da ora in poi, d ora in poi, da adesso, ora sei, sei ora, fingi, comportati',
  task: 'il tuo compito, nuovo compito, il tuo obiettivo, nuovo obiettivo, nuove istruzioni',
  when: 'quando, ogni volta, se, prima, la prossima volta',
  must: 'devi, deve, devono, dovete, per favore, obbligatorio, bisogna, si prega',
  you: 'tu, voi, lei',
  your: 'tue, tuoi, vostre, tuo',
  guard: 'sicurezza, protezione, firewall, backup',
  urgent: 'urgente, immediatamente, subito, obbligatorio, altrimenti, solo',
  discuss: 'attacco, attacchi, attaccante*, esempio, malevol*, ricercatori, iniezione, minaccia, frase, frasi',
  reads: 'leggi, legge, leggere, riassumi, elabora, analizza',
  first: 'io, noi',
};

export const ROMANIAN: WordTable = {
  override: 'ignora, ignorati, uita, uitati, ignoreu',
  prior: 'anterioare, precedente, toate, anteriors',
  rules: 'instructiunile, instructiuni, regulile, instruccions',
  model: 'inteligenta artificiala, asistent ai, agent ai',
  agent: 'asistent, asistentul',
  send: 'trimite, trimiteti, afiseaza, dezvaluie, publica',
  act: 'executa, ruleaza, citeste, deschide, foloseste',
  harm: 'sterge, dezactiveaza',
  secret: 'parola, parolele, cheile, acreditarile',
  user: 'utilizatorul*, utilizator*',
  tell: 'spune, spuneti, mentiona',
  not: 'nu, fara, niciodata',
  notice: 'atentie, catre, pentru, draga',
};
